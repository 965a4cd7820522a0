//! What every chart promises, on a gallery of all of them; a page of it can be written for looking at.

mod gallery;

use super::standalone;
use gallery::World;

fn same(text: &str) -> String {
    text.to_owned()
}

fn whole<'a>(rtl: bool) -> World<'a> {
    World { rtl, text: &same, number: &|v| v, size: usize::MAX }
}

/// Name and attributes.
type Element = (String, Vec<(String, String)>);

/// Elements of a drawing (name, attributes) and its texts; fails where it is no XML or has an id twice.
fn parsed(svg: &str) -> (Vec<Element>, Vec<String>) {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let (mut elements, mut texts, mut open) = (Vec::new(), vec![String::new()], 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) | Event::Empty(e) => {
                let attribute = |a: quick_xml::events::attributes::Attribute| (a.key.0.to_owned(), a.value.to_string());
                let attributes = e.attributes().map(|a| attribute(a.unwrap())).collect();
                elements.push((e.name().0.to_owned(), attributes));
                texts.push(String::new());
            }
            Event::End(_) => open += 1,
            Event::Eof => break,
            Event::Text(t) => texts.last_mut().unwrap().push_str(&t),
            _ => {}
        }
    }
    assert!(open > 0);
    (elements, texts)
}

const KNOWN: [&str; 10] = ["svg", "title", "desc", "line", "path", "circle", "rect", "text", "g", "style"];

#[test]
fn every_drawing_is_well_formed_styled_by_classes_alone_and_named() {
    for rtl in [false, true] {
        for (name, drawing) in whole(rtl).all() {
            for svg in [drawing.wide, drawing.narrow] {
                let (elements, _) = parsed(&svg);
                let of = |element: usize, key: &str| {
                    elements[element].1.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()).unwrap()
                };
                assert_eq!(
                    (elements[0].0.as_str(), elements[1].0.as_str(), elements[2].0.as_str()),
                    ("svg", "title", "desc")
                );
                assert_eq!((of(0, "role").as_str(), of(0, "aria-labelledby")), ("img", of(1, "id")), "{name}");
                assert_eq!(of(0, "aria-describedby"), of(2, "id"));
                for (element, attributes) in &elements {
                    assert!(KNOWN.contains(&element.as_str()), "{name}: {element}");
                    assert!(!attributes.iter().any(|(key, _)| key == "style" || key.starts_with("on")), "{name}");
                }
                parsed(&standalone(&svg));
            }
        }
    }
}

#[test]
fn every_class_that_is_drawn_has_a_rule() {
    let css = include_str!("../../templates/chart.css");
    for (name, drawing) in whole(true).all() {
        for class in parsed(&drawing.wide).0.iter().flat_map(|(_, a)| a).filter(|(k, _)| k == "class") {
            let words: Vec<&str> = class.1.split(' ').collect();
            assert!(words.iter().any(|w| css.contains(&format!(".{w}"))), "{name}: {}", class.1);
        }
    }
}

#[test]
fn hostile_texts_stay_texts_in_every_chart() {
    let hostile = |text: &str| {
        format!("</text><script>alert(1)</script>\u{202e}\u{2067}\0\u{fffe}&\"' onload=x {text} {}", "long ".repeat(80))
    };
    for rtl in [false, true] {
        for (name, drawing) in (World { text: &hostile, ..whole(rtl) }).all() {
            for svg in [drawing.wide, drawing.narrow] {
                let (elements, texts) = parsed(&svg);
                assert!(elements.iter().all(|(element, _)| KNOWN.contains(&element.as_str())), "{name}");
                assert!(!svg.contains("<script") && !svg.contains('\0') && !svg.contains('\u{fffe}'));
                for text in texts {
                    let opened = text.matches(['\u{2066}', '\u{2067}', '\u{2068}']).count();
                    assert_eq!(opened, text.matches('\u{2069}').count(), "{name}: {text}");
                }
                let labels =
                    svg.split("<text ").skip(1).map(|t| t.split_once('>').unwrap().1.split("</text>").next().unwrap());
                for label in labels {
                    assert!(label.chars().count() <= 160, "{name}: {label}");
                    let turned = label.contains('\u{202e}');
                    assert!(!turned || label.starts_with(['\u{2067}', '\u{2068}']), "{name}: {label}");
                }
            }
        }
    }
}

#[test]
fn no_number_breaks_a_drawing() {
    let numbers: [&dyn Fn(f64) -> f64; 9] = [
        &|_| f64::NAN,
        &|_| f64::INFINITY,
        &|_| f64::NEG_INFINITY,
        &|_| 0.0,
        &|v| -v,
        &|_| 7.0,
        &|v| v * 1e300,
        &|v| v * 1e-300,
        &|v| if (v * 10.0) as i64 % 2 == 0 { f64::NAN } else { v },
    ];
    for number in numbers {
        for size in [0, 1, 2, usize::MAX] {
            for (name, drawing) in (World { number, size, ..whole(false) }).all() {
                for svg in [drawing.wide, drawing.narrow] {
                    for wrong in ["NaN", "inf", "width=\"-", "height=\"-", "e-", "e+"] {
                        let marks = svg.split_once("</desc>").unwrap().1;
                        let attributes = marks.split('<').filter_map(|e| e.split_once('>')).map(|(tag, _)| tag);
                        assert!(!attributes.into_iter().any(|tag| tag.contains(wrong)), "{name} {size}: {wrong}");
                    }
                    let height = height(&svg);
                    assert!((10.0..6000.0).contains(&height), "{name}: {height}");
                }
            }
        }
    }
}

#[test]
fn a_drawing_for_readers_from_the_right_is_the_mirror_image() {
    // The same texts and numbers in both directions: only where they stand may change.
    let english = |rtl: bool| World { text: &|_| "word".to_owned(), rtl, ..whole(rtl) };
    for ((name, left), (_, right)) in english(false).all().into_iter().zip(english(true).all()) {
        for (a, b, width) in [(left.wide, right.wide, 600.0), (left.narrow, right.narrow, 340.0)] {
            let ((a, _), (b, _)) = (parsed(&a), parsed(&b));
            assert_eq!(a.len(), b.len(), "{name}");
            for ((element, one), (_, other)) in a.iter().zip(&b).skip(3) {
                let get = |attributes: &[(String, String)], key: &str| -> Option<f64> {
                    attributes.iter().find(|(k, _)| k == key)?.1.parse().ok()
                };
                for key in ["x", "x1", "x2", "cx"] {
                    let (Some(x), Some(y)) = (get(one, key), get(other, key)) else { continue };
                    let wide = if element == "rect" { get(one, "width").unwrap() } else { 0.0 };
                    // Coordinates have one decimal.
                    assert!((x + wide + y - width).abs() < 0.31, "{name}: {one:?} {other:?}");
                }
                for key in ["y", "y1", "y2", "cy", "class", "r"] {
                    let of = |attributes: &[(String, String)]| {
                        attributes.iter().find(|(k, _)| k == key).map(|a| a.1.clone())
                    };
                    assert_eq!(of(one), of(other), "{name}");
                }
            }
        }
    }
}

#[test]
fn no_two_lines_differ_by_colour_alone() {
    let svg = whole(false).lines(4).wide;
    let css = include_str!("../../templates/chart.css");
    let dashes: std::collections::BTreeSet<String> = (0..4)
        .map(|s| {
            let rule = css.split(&format!(".chart .trace.s{s}{{")).nth(1).map_or("", |r| r.split('}').next().unwrap());
            rule.split("stroke-dasharray:").nth(1).unwrap_or("none").to_owned()
        })
        .collect();
    assert_eq!(dashes.len(), 4, "{dashes:?}");
    let shape = |s: usize| {
        let (elements, _) = parsed(&svg);
        let class = format!("mark s{s}");
        let of = elements.into_iter().find(|(_, a)| a.iter().any(|(k, v)| k == "class" && *v == class)).unwrap();
        // A path is told by its number of corners.
        let corners = of.1.iter().find(|(k, _)| k == "d").map_or(0, |(_, d)| d.matches(['M', 'L']).count());
        (of.0, corners)
    };
    let shapes: std::collections::BTreeSet<_> = (0..4).map(shape).collect();
    assert_eq!(shapes.len(), 4, "{shapes:?}");
}

fn height(svg: &str) -> f64 {
    svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(['"', ' ']).nth(1).unwrap().parse().unwrap()
}

/// Boxes (left, top, right, bottom) of the level texts of a drawing, with widths as estimated.
fn boxes(svg: &str) -> Vec<(f64, f64, f64, f64, String)> {
    let (mut out, mut texts) = (Vec::new(), parsed(svg));
    for ((element, attributes), text) in texts.0.drain(..).zip(texts.1.drain(1..)) {
        let get = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        if element != "text" || get("transform").is_some() {
            continue;
        }
        let (x, y): (f64, f64) = (get("x").unwrap().parse().unwrap(), get("y").unwrap().parse().unwrap());
        let has = |word: &str| get("class").unwrap().split(' ').any(|w| w == word);
        // As the style sheet has them.
        let size = match () {
            () if has("heading") && has("strong") => 13.0,
            () if ["tick", "scale", "heading"].into_iter().any(has) => 12.0,
            () if ["key", "name", "lost", "field", "figure"].into_iter().any(has) => 12.5,
            () if has("figures") => 13.0,
            () => 13.5,
        };
        let bold = if has("strong") { super::text::BOLD } else { 1.0 };
        let wide = super::text::width(text.trim(), size * bold);
        let left = match () {
            () if has("middle") || has("tick") => x - wide / 2.0,
            () if has("end") => x - wide,
            () => x,
        };
        out.push((left, y - 9.0, left + wide, y + 2.0, text.trim().to_owned()));
    }
    out
}

#[test]
fn no_text_of_a_drawing_covers_another_or_leaves_the_sheet() {
    let long = |text: &str| format!("{text} and the other words of a name that goes on for long");
    let worlds = [
        whole(false),
        World { text: &long, ..whole(false) },
        World { number: &|v| v * 1234.5, ..whole(false) },
        World { number: &|_| 7.0, ..whole(false) },
    ];
    for (w, world) in worlds.into_iter().enumerate() {
        for (name, drawing) in world.all() {
            for (svg, width) in [(drawing.wide, 600.0), (drawing.narrow, 340.0)] {
                let boxes = boxes(&svg);
                assert!(boxes.len() > 5, "{name}");
                let height = height(&svg);
                for (i, a) in boxes.iter().enumerate() {
                    let inside = a.0 >= -1.0 && a.2 <= width + 1.0 && a.1 >= 0.0 && a.3 <= height;
                    assert!(inside, "{w} {name} {width} x {height}: {a:?}");
                    for b in boxes.iter().skip(i + 1) {
                        let meets = a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3;
                        assert!(!meets, "{w} {name} {width}: {a:?} {b:?}");
                    }
                }
            }
        }
    }
}

/// Writes pages and pictures: `cargo test --lib charts::tests -- --ignored`.
#[test]
#[ignore = "writes files to look at"]
fn writes_a_gallery_to_look_at() {
    let folder = std::env::temp_dir().join("skillgap-charts");
    let style = concat!(include_str!("../../templates/chart.css"), include_str!("../../templates/gap.css"));
    let hostile =
        |text: &str| format!("{text} <b>\u{202e}\u{2067}&\u{0} {}", "Bundesausbildungsförderungsgesetz ".repeat(9));
    let hostile =
        World { text: &hostile, number: &|v| if v as i64 % 3 == 0 { f64::NAN } else { v * 1000.0 }, ..whole(false) };
    for (file, lang, rtl, world) in
        [("en", "en", false, whole(false)), ("ar", "ar", true, whole(true)), ("hostile", "en", false, hostile)]
    {
        let mut body = String::new();
        for (name, drawing) in world.all() {
            body.push_str(&format!(
                "<section><h2>{name}</h2><figure>{}\n{}</figure></section>\n",
                drawing.wide, drawing.narrow
            ));
            for (size, svg) in [("wide", &drawing.wide), ("narrow", &drawing.narrow)] {
                let file = format!("{}-{size}.{file}.svg", name.replace([' ', ','], "_"));
                crate::store::write_atomic(&folder.join(file), standalone(svg).as_bytes()).unwrap();
            }
        }
        let dir = if rtl { "rtl" } else { "ltr" };
        let page = format!(
            "<!DOCTYPE html><html lang=\"{lang}\" dir=\"{dir}\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>charts</title><style>{style}</style><body>{body}</body></html>"
        );
        crate::store::write_atomic(&folder.join(format!("{file}.html")), page.as_bytes()).unwrap();
    }
}
