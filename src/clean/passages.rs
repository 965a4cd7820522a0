//! Which language each part of a posting is written in: a posting has one main language, but its sentences may not.

use super::{language, sentences};
use crate::types::{Lang, Section};

/// The sections of a body, cut where the language changes, each with its own.
///
/// A sentence that does not tell goes with the one before it; the first with the posting.
pub(super) fn in_languages(body: &str, sections: Vec<Section>, main: Lang) -> Vec<Section> {
    let mut changes: Vec<(u32, Lang)> = vec![(0, main)];
    let mut current = main;
    for (start, end) in sentences::sentences(body) {
        let sentence = body.get(start..end).unwrap_or_default();
        let found = language::of_sentence(sentence, main, current);
        if found != current {
            current = found;
            changes.push((u32::try_from(start).unwrap_or(u32::MAX), found));
        }
    }
    if changes.len() == 1 {
        return sections.into_iter().map(|section| Section { language: main, ..section }).collect();
    }
    sections.into_iter().flat_map(|section| cut(section, &changes)).collect()
}

/// A section in pieces of one language each.
fn cut(section: Section, changes: &[(u32, Lang)]) -> Vec<Section> {
    let first = changes.partition_point(|(at, _)| *at <= section.start).saturating_sub(1);
    let mut pieces: Vec<Section> = Vec::new();
    for (at, language) in changes.get(first..).unwrap_or_default() {
        if *at >= section.end {
            break;
        }
        let start = section.start.max(*at);
        if let Some(last) = pieces.last_mut() {
            last.end = start;
        }
        pieces.push(Section { start, language: *language, ..section });
    }
    pieces.retain(|piece| piece.start < piece.end);
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::sections::sections;
    use super::*;

    /// Neighbouring pieces of one language as one.
    fn parts(body: &str, main: Lang) -> Vec<(Lang, &str)> {
        let mut parts: Vec<Section> = Vec::new();
        for piece in in_languages(body, sections(body), main) {
            match parts.last_mut() {
                Some(last) if last.language == piece.language && last.end == piece.start => last.end = piece.end,
                _ => parts.push(piece),
            }
        }
        parts.iter().map(|s| (s.language, body[s.start as usize..s.end as usize].trim())).collect()
    }

    #[test]
    fn a_posting_in_two_languages_is_cut_where_they_change() {
        let body = "Cerquem una persona amb experiència en neteja per als nostres centres. Treball en equip.\nSe valorará la experiencia con máquinas y el trato con los clientes.\nExcel";
        assert_eq!(
            parts(body, Lang::Ca),
            [
                (Lang::Ca, "Cerquem una persona amb experiència en neteja per als nostres centres. Treball en equip."),
                (Lang::Es, "Se valorará la experiencia con máquinas y el trato con los clientes.\nExcel"),
            ]
        );
        let body = "مطلوب مهندس برمجيات للعمل في فريقنا.\nYou will work with our team and the clients of the company.";
        let found: Vec<Lang> = parts(body, Lang::Ar).into_iter().map(|(lang, _)| lang).collect();
        assert_eq!(found, [Lang::Ar, Lang::En]);
    }

    #[test]
    fn a_posting_in_one_language_stays_whole_and_names_of_tools_change_nothing() {
        let body =
            "Se requiere experiencia con Power BI y con Microsoft Office para los informes.\nPython, SQL, Docker";
        assert_eq!(parts(body, Lang::Es), [(Lang::Es, body)]);
        assert_eq!(parts("", Lang::Es), []);
        let body = "Candidates must be U.S. persons: U.S. citizens, U.S. nationals, S.L. or D.C. residents.";
        assert_eq!(parts(body, Lang::En), [(Lang::En, body)]);
        let body = "مطلوب محاسب للعمل في شركة تجارية.\nMicrosoft Office, SAP, Power BI, SQL Server";
        assert_eq!(parts(body, Lang::Ar), [(Lang::Ar, body)]);
    }
}
