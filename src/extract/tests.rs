use super::*;
use crate::types::{Label, LabelKind, Lane, PostingId, Reuse, Section, Skill, SkillId, SkillKind, SourceId, Taxonomy};

fn skill(slug: &str, labels: &[(&str, Lang, LabelKind)]) -> Skill {
    let labels = labels.iter().map(|(t, l, k)| Label { text: (*t).to_owned(), lang: *l, kind: *k }).collect();
    Skill {
        id: SkillId(slug.to_owned()),
        kind: SkillKind::Skill,
        reuse: Reuse::CrossSector,
        labels,
        description: None,
        broader: Vec::new(),
        green: false,
        digital: false,
    }
}

fn lexicon() -> Lexicon {
    use LabelKind::{Alternative as A, Preferred as P};
    use Lang::{Ar, Ca, En, Es};
    let mut skills = vec![
        skill("access", &[("Microsoft Access", En, P), ("Access", En, A)]),
        skill("communication", &[("communication", En, P), ("comunicación", Es, P), ("تواصل", Ar, P)]),
        skill("customer-service", &[("customer service", En, P), ("atenció al client", Ca, P), ("خدمة العملاء", Ar, P)]),
        skill("data-analysis", &[("data analysis", En, P), ("analyse data", En, A), ("análisis de datos", Es, P)]),
        skill("it", &[("computer technology", En, P), ("IT", En, A)]),
        skill("power-bi", &[("Power BI", En, P)]),
        skill(
            "project-management",
            &[("project management", En, P), ("manage projects", En, A), ("gestión de proyectos", Es, P)],
        ),
        skill("project-management-software", &[("use project management software", En, P)]),
        skill("python", &[("Python (computer programming)", En, P)]),
    ];
    skills.sort_by(|a, b| a.id.cmp(&b.id));
    Lexicon::new(Taxonomy {
        version: "test".into(),
        skills,
        occupations: Vec::new(),
        relations: Vec::new(),
        ..Taxonomy::default()
    })
}

fn posting(body: &str, language: Lang) -> Posting {
    Posting::of_words(PostingId("p".into()), SourceId::new("test").unwrap(), "", body, language)
}

fn found(body: &str, language: Lang) -> Vec<(String, Lane, Verdict)> {
    let lexicon = lexicon();
    let extractor = Extractor::new(&lexicon, &ExtractSpec::default());
    let mentions = extractor.mentions(&posting(body, language));
    for m in &mentions {
        assert_eq!(&body[m.start as usize..m.end as usize], m.surface);
    }
    mentions.into_iter().map(|m| (m.skill.0, m.lane, m.verdict)).collect()
}

fn accepted(body: &str, language: Lang) -> Vec<String> {
    found(body, language).into_iter().filter(|f| f.2 == Verdict::Accepted).map(|f| f.0).collect()
}

#[test]
fn labels_are_found_word_for_word_stem_for_stem_and_misspelt() {
    let text = "Customer service and analysing the data. Good at project manegement, keeps projects on schedule.";
    let lanes: Vec<(String, Lane)> = found(text, Lang::En).into_iter().map(|f| (f.0, f.1)).collect();
    assert_eq!(
        lanes,
        [
            ("customer-service".to_owned(), Lane::Exact),
            ("data-analysis".to_owned(), Lane::Stem),
            ("project-management".to_owned(), Lane::Fuzzy)
        ]
    );
}

#[test]
fn the_longest_label_wins_and_none_runs_across_a_sentence_end() {
    assert_eq!(accepted("Able to use project management software", Lang::En), ["project-management-software"]);
    assert!(accepted("We love our customer. Service matters.\nproject\nmanagement", Lang::En).is_empty());
}

#[test]
fn of_overlapping_labels_the_more_telling_one_stays() {
    let lexicon = Lexicon::new(Taxonomy {
        version: "test".into(),
        skills: vec![
            skill("ability", &[("ability for communication", Lang::En, LabelKind::Preferred)]),
            skill("ability-b", &[("ability for teamwork", Lang::En, LabelKind::Preferred)]),
            skill("intercultural", &[("communication across cultures", Lang::En, LabelKind::Preferred)]),
        ],
        ..Taxonomy::default()
    });
    let extractor = Extractor::new(&lexicon, &ExtractSpec::default());
    let mentions = extractor.mentions(&posting("Has the ability for communication across cultures", Lang::En));
    let skills: Vec<&str> = mentions.iter().map(|m| m.skill.0.as_str()).collect();
    assert_eq!(skills, ["intercultural"]);
}

#[test]
fn a_repeated_skill_is_found_each_time_and_the_same_posting_gives_the_same_mentions() {
    let lexicon = lexicon();
    let extractor = Extractor::new(&lexicon, &ExtractSpec::default());
    let body = posting("Customer service. Proyect management, project management; customer service", Lang::En);
    let first = extractor.mentions(&body);
    assert_eq!(first.iter().filter(|m| m.skill.0 == "customer-service").count(), 2);
    assert_eq!(first, extractor.mentions(&body));
}

#[test]
fn ordinary_words_are_not_taken_for_products_or_acronyms() {
    assert!(accepted("We make it easy to access care, and it matters.", Lang::En).is_empty());
    assert_eq!(accepted("Strong IT background, Word, Excel and Access", Lang::En), ["it", "access"]);
    assert_eq!(accepted("Excellent verbal communication skills", Lang::En), ["communication"]);
    assert!(accepted("All communication will be sent by post", Lang::En).is_empty());
}

#[test]
fn spanish_catalan_and_arabic_are_read_with_english_product_names() {
    assert_eq!(
        accepted("Experiencia en gestion de los proyectos y Power BI", Lang::Es),
        ["project-management", "power-bi"]
    );
    assert_eq!(accepted("Tasques d'atenció al client amb Python", Lang::Ca), ["customer-service", "python"]);
    assert_eq!(accepted("خبرة في خدمة عملاء وخدمة العملاء", Lang::Ar), ["customer-service", "customer-service"]);
    assert!(accepted("project management", Lang::Ca).is_empty());
}

#[test]
fn what_is_not_needed_is_no_skill_and_boilerplate_is_not_read() {
    assert!(accepted("No previous experience in project management needed", Lang::En).is_empty());
    assert!(accepted("No es necesaria experiencia en gestión de proyectos", Lang::Es).is_empty());
    assert_eq!(accepted("No smoking. Experience in project management", Lang::En), ["project-management"]);
    let lexicon = lexicon();
    let mut employer = posting("project management", Lang::En);
    employer.sections[0].kind = SectionKind::Employer;
    assert!(Extractor::new(&lexicon, &ExtractSpec::default()).mentions(&employer).is_empty());
}

#[test]
fn a_section_that_does_not_fit_the_body_is_passed_over() {
    let lexicon = lexicon();
    let mut broken = posting("é project management", Lang::En);
    broken.sections = vec![
        Section { kind: SectionKind::Other, start: 1, end: 9, language: Lang::En },
        Section { kind: SectionKind::Other, start: 90, end: 99, language: Lang::En },
        Section { kind: SectionKind::Other, start: 9, end: 3, language: Lang::En },
    ];
    assert!(Extractor::new(&lexicon, &ExtractSpec::default()).mentions(&broken).is_empty());
}

#[test]
fn a_passage_in_another_language_is_read_with_its_own_labels() {
    let lexicon = lexicon();
    let body = "gestión de proyectos\nproject management";
    let mut mixed = posting(body, Lang::Es);
    let whole = Extractor::new(&lexicon, &ExtractSpec::default());
    assert_eq!(whole.mentions(&mixed).len(), 1);
    mixed.sections = vec![
        Section { kind: SectionKind::Other, start: 0, end: 22, language: Lang::Es },
        Section { kind: SectionKind::Other, start: 22, end: body.len() as u32, language: Lang::En },
    ];
    let starts: Vec<u32> = whole.mentions(&mixed).iter().map(|m| m.start).collect();
    assert_eq!(starts, [0, 22]);
}
