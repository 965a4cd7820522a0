//! A drawing that is a file of its own: with its name space, its size, and its rules in colours instead of variables.

use crate::report::phrase::is_from_the_right;
use std::fmt::Write;

const RULES: &str = include_str!("../templates/chart.css");
const PAGE: &str = include_str!("../templates/gap.css");
/// In the style sheet: what stands before it is about the page and not the drawing.
const DRAWING: &str = "/* Drawing */";
/// Fonts by name, since a picture inherits none; for readers from the right those of their script first.
const FONTS: &str = concat!(
    ".chart{font-family:\"Source Sans 3\",\"Noto Sans\",\"Noto Naskh Arabic\",\"DejaVu Sans\",sans-serif}",
    ".chart.rtl{font-family:\"Noto Naskh Arabic\",\"Noto Sans Arabic\",\"Source Sans 3\",\"Noto Sans\",sans-serif}",
);

/// The drawing with all it needs, for embedding where no style sheet reaches it.
pub fn standalone(svg: &str) -> String {
    let Some((head, body)) = svg.split_once('>') else { return svg.to_owned() };
    let mut out = String::from(head);
    out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    if let Some((width, height)) = size(head) {
        // Writing to a string cannot fail.
        let _ = write!(out, " width=\"{width}\" height=\"{height}\"");
    }
    let _ = write!(out, ">\n<style>{}</style>", rules());
    let lines: Vec<String> = body.split('\n').map(whole_letters).collect();
    out.push_str(&lines.join("\n"));
    out
}

/// On paper every letter is a shape of its own, so that the white edge of one would cut the one it is joined to.
fn whole_letters(line: &str) -> String {
    match line.strip_prefix("<text ") {
        Some(rest) if rest.contains(is_from_the_right) => format!("<text style=\"stroke:none\" {rest}"),
        _ => line.to_owned(),
    }
}

/// Width and height as `viewBox` has them.
fn size(head: &str) -> Option<(&str, &str)> {
    let (_, rest) = head.split_once("viewBox=\"")?;
    let mut numbers = rest.split_once('"')?.0.split(' ').skip(2);
    Some((numbers.next()?, numbers.next()?))
}

/// The rules of the drawing with the colours of the page.
fn rules() -> String {
    let drawing = RULES.split_once(DRAWING).map_or(RULES, |(_, rules)| rules);
    let root = PAGE.split_once(":root{").and_then(|(_, rest)| rest.split_once('}')).map_or("", |(root, _)| root);
    let colours = root.split(';').filter_map(|line| line.trim().split_once(':'));
    let filled =
        colours.fold(drawing.to_owned(), |rules, (name, colour)| rules.replace(&format!("var({name})"), colour));
    // Nothing there may end the element or start another: the sheet has no `<`, but `>` would do no harm.
    format!("{FONTS}{}", filled.replace('<', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_along_without_variables_or_anything_a_simple_reader_of_styles_does_not_know() {
        let rules = rules();
        assert!(rules.contains("fill:#0b4a6b") && rules.contains(".chart .grid{"), "{rules}");
        for strange in ["var(", ":is(", "@", "display:none", "width:100%", "url(", "calc("] {
            assert!(!rules.contains(strange), "{strange}");
        }
        let braces: Vec<char> = rules.chars().filter(|c| matches!(c, '{' | '}')).collect();
        assert!(braces.chunks(2).all(|pair| pair == ['{', '}']), "nested rules");
    }

    #[test]
    fn no_white_edge_cuts_joined_letters_and_other_names_keep_theirs() {
        let svg = "<svg class=\"chart rtl\" viewBox=\"0 0 600 274\">\n\
                   <text class=\"name\" x=\"1\" y=\"2\">العمل الجماعي</text>\n<text class=\"name\" x=\"1\" y=\"2\">SQL</text>\n</svg>";
        let alone = standalone(svg);
        assert!(alone.contains("<text style=\"stroke:none\" class=\"name\" x=\"1\" y=\"2\">العمل"), "{alone}");
        assert!(alone.ends_with("\n<text class=\"name\" x=\"1\" y=\"2\">SQL</text>\n</svg>"), "{alone}");
    }

    #[test]
    fn the_size_is_that_of_the_drawing() {
        let svg = standalone("<svg class=\"chart\" viewBox=\"0 0 600 274\">\n<title>t</title></svg>");
        let head = svg.split_once('>').unwrap().0;
        assert!(head.ends_with("xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"274\""), "{head}");
        assert!(svg.ends_with("</style>\n<title>t</title></svg>"));
        assert_eq!(standalone("no drawing"), "no drawing");
    }
}
