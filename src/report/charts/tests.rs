//! Every chart with figures as reports have them, in English and Arabic: what all of them promise is tested here, and a page
//! of them can be written for looking at.

use super::dumbbell::{self, Dumbbell};
use super::funnel::{self, Funnel, Stage};
use super::heat_table::{self, Cell, HeatRow, HeatTable};
use super::interval_bars::{self, Bar, IntervalBars};
use super::line_band::{self, LineBand, Series};
use super::quadrant::{self, Quadrant, Skill};
use super::slope::{self, End, Line, Slope};
use super::small_multiples::{self, Panel, SmallMultiples};
use super::{Drawing, Point, standalone};

/// What a gallery is made of: its direction, what becomes of its texts and of its numbers.
#[derive(Clone, Copy)]
struct World<'a> {
    rtl: bool,
    text: &'a dyn Fn(&str) -> String,
    number: &'a dyn Fn(f64) -> f64,
    /// How many of everything there are.
    size: usize,
}

const SKILLS: [(&str, &str, f64, f64); 28] = [
    ("spreadsheets", "جداول البيانات", 13.0, 0.0),
    ("English", "اللغة الإنجليزية", 12.5, 43.3),
    ("teamwork", "العمل ضمن فريق", 15.9, 86.2),
    ("communication", "التواصل", 9.0, 78.4),
    ("customer service", "خدمة الزبائن", 8.3, 48.7),
    ("driving licence", "رخصة قيادة", 7.8, 0.0),
    ("Catalan", "اللغة الكتالونية", 7.5, 0.0),
    ("time management", "إدارة الوقت", 7.1, 87.6),
    ("problem solving", "حل المشكلات", 6.0, 43.2),
    ("occupational health and safety", "الصحة والسلامة المهنية", 5.9, 77.9),
    ("intercultural communication", "التواصل بين الثقافات", 5.8, 47.1),
    ("data protection", "حماية البيانات", 4.8, 43.8),
    ("adaptability", "القدرة على التكيف", 4.75, 51.5),
    ("first aid", "الإسعافات الأولية", 4.2, 57.4),
    ("generative AI", "الذكاء الاصطناعي التوليدي (AI)", 3.9, 83.9),
    ("sales techniques", "أساليب البيع", 3.5, 56.7),
    ("inventory management", "إدارة المخزون", 3.5, 0.0),
    ("warehouse operations", "أعمال المستودعات", 3.0, 0.0),
    ("quality management", "إدارة الجودة", 3.0, 62.5),
    ("medication administration", "إعطاء الأدوية", 2.8, 67.8),
    ("mental health support", "الدعم النفسي", 2.6, 0.0),
    ("sustainability reporting", "إعداد تقارير الاستدامة", 2.1, 49.9),
    ("lesson planning", "تخطيط الدروس", 2.1, 0.0),
    ("electrical installation", "التمديدات الكهربائية", 2.1, 63.0),
    ("SQL", "SQL", 1.9, 0.0),
    ("monitoring and evaluation", "المتابعة والتقييم", 1.8, 0.0),
    ("solar panel installation", "تركيب الألواح الشمسية", 1.6, 0.0),
    ("social work", "العمل الاجتماعي", 1.2, 41.2),
];
const PERIODS: [(&str, &str); 8] = [
    ("Q3 2024", "الربع الثالث 2024"),
    ("Q4 2024", "الربع الرابع 2024"),
    ("Q1 2025", "الربع الأول 2025"),
    ("Q2 2025", "الربع الثاني 2025"),
    ("Q3 2025", "الربع الثالث 2025"),
    ("Q4 2025", "الربع الرابع 2025"),
    ("Q1 2026", "الربع الأول 2026"),
    ("Q2 2026", "الربع الثاني 2026"),
];
const GROUPS: [(&str, &str); 8] = [
    ("office software", "برامج المكتب"),
    ("foreign languages", "اللغات الأجنبية"),
    ("data analysis", "تحليل البيانات"),
    ("legal compliance", "الامتثال القانوني"),
    ("communication", "التواصل"),
    ("logistics", "اللوجستيات"),
    ("nursing care", "الرعاية التمريضية"),
    ("renewable energy", "الطاقة المتجددة"),
];
const REGIONS: [(&str, &str); 9] = [
    ("Ramallah and Al-Bireh", "رام الله والبيرة"),
    ("Hebron", "الخليل"),
    ("Nablus", "نابلس"),
    ("Gaza", "غزة"),
    ("Barcelona", "برشلونة"),
    ("Girona", "جرندة"),
    ("Jenin", "جنين"),
    ("Bethlehem", "بيت لحم"),
    ("Tarragona", "طراغونة"),
];

impl World<'_> {
    fn say(&self, english: &str, arabic: &str) -> String {
        (self.text)(if self.rtl { arabic } else { english })
    }

    fn n(&self, value: f64) -> f64 {
        (self.number)(value)
    }

    fn around(&self, value: f64) -> (f64, f64) {
        (self.n(value - 0.4 - value * 0.12), self.n(value + 0.6 + value * 0.15))
    }

    /// `13 (11–15)` as the language writes it.
    fn figures(&self, value: f64) -> String {
        let (low, high) = (value - 0.4 - value * 0.12, value + 0.6 + value * 0.15);
        (self.text)(&if self.rtl {
            format!("{value:.1} ({low:.1} إلى {high:.1})")
        } else {
            format!("{value:.1} ({low:.1}–{high:.1})")
        })
    }

    fn point(&self, value: f64) -> Point {
        Point { value: Some(self.n(value)), interval: Some(self.around(value)) }
    }

    fn skills(&self, most: usize) -> impl Iterator<Item = (String, f64, f64)> {
        SKILLS.iter().take(most.min(self.size)).map(|(en, ar, up, across)| (self.say(en, ar), *up, *across))
    }

    fn periods(&self) -> Vec<String> {
        PERIODS.iter().take(self.size).map(|(en, ar)| self.say(en, ar)).collect()
    }

    /// A course with steps of its own, from a value.
    fn course(&self, from: f64, growth: f64, kind: usize) -> Vec<Point> {
        let steps = [0.3, -0.5, 0.1, 0.4, -0.2, 0.5, -0.3, 0.2];
        let value = |i: usize| (from + growth * i as f64 + steps[(i + kind * 3) % 8] * (1.0 + from * 0.08)).max(0.2);
        (0..PERIODS.len().min(self.size)).map(|i| self.point(value(i))).collect()
    }

    fn dumbbell(&self) -> Drawing {
        let rows = self.skills(8).enumerate().map(|(i, (label, up, across))| dumbbell::Row {
            label,
            demand: self.n(up),
            interval: self.around(up),
            covered: self.n(up * across / 100.0),
            figures: self.figures(up),
            to_add: i % 3 == 0,
        });
        dumbbell::draw(&Dumbbell {
            id: "dumbbell".into(),
            title: self.say("Six of eight skills are little taught", "ست من ثماني مهارات قليلة التغطية"),
            description: self.say("Demand and covered demand.", "الطلب والجزء المغطى منه."),
            axis: self.say("per 100 postings (n = 7,200)", "لكل 100 إعلان وظيفة (n = 7,200)"),
            covered_word: self.say("covered", "مغطى"),
            demand_word: self.say("asked for in postings", "مطلوب في الإعلانات"),
            rtl: self.rtl,
            rows: rows.collect(),
            ..Dumbbell::default()
        })
    }

    fn bars(&self) -> Drawing {
        let growth = [208.0, 120.0, 64.0, 31.0, 8.0, -4.0, -22.0, -41.0];
        let bars = self.skills(8).zip(growth).enumerate().map(|(i, ((label, ..), value))| Bar {
            label,
            value: (i != 4).then(|| self.n(value)),
            interval: (i != 4).then(|| (self.n(value - 30.0), self.n(value + 38.0))),
            figures: (self.text)(&if i == 4 {
                "[c]".to_owned()
            } else {
                format!("{value:+} %{}", if i == 1 { " [u]" } else { "" }).replace('-', "−")
            }),
            strong: i == 0,
            unsure: i == 1,
        });
        interval_bars::draw(&IntervalBars {
            id: "bars".into(),
            title: self.say("Three skills grew", "نمت ثلاث مهارات"),
            axis: self
                .say("change of the share, second year against first, per cent", "تغير الحصة بين السنتين، بالمئة"),
            rtl: self.rtl,
            bars: bars.collect(),
            ..IntervalBars::default()
        })
    }

    fn heat(&self) -> Drawing {
        let rows = self.skills(9).enumerate().map(|(r, (label, up, _))| HeatRow {
            label: if r == 2 {
                self.say(
                    "Write and refine prompts for large language models to obtain drafts",
                    "كتابة التعليمات لنماذج اللغة الكبيرة وتحسينها للحصول على مسودات",
                )
            } else {
                label
            },
            cells: (0..GROUPS.len().min(self.size))
                .map(|c| {
                    let value = (up * 7.0 * ((r * 5 + c * 3) % 8) as f64 / 7.0).round();
                    let missing = (r + 2 * c) % 11 == 3;
                    Cell {
                        value: (!missing).then(|| self.n(value)),
                        figure: (self.text)(&if missing { "[c]".to_owned() } else { format!("{value}") }),
                    }
                })
                .collect(),
        });
        heat_table::draw(&HeatTable {
            id: "heat".into(),
            title: self.say("Most outcomes touch two groups", "معظم المخرجات تمس مجموعتين"),
            unit: self.say("coverage of the group, per cent", "تغطية المجموعة، بالمئة"),
            rtl: self.rtl,
            columns: GROUPS.iter().take(self.size).map(|(en, ar)| self.say(en, ar)).collect(),
            rows: rows.collect(),
            ..HeatTable::default()
        })
    }

    fn lines(&self, count: usize) -> Drawing {
        let starts = [(13.0, 0.1), (3.0, 0.9), (8.0, -0.3), (7.0, 0.3)];
        let series = self.skills(count).zip(starts).enumerate().map(|(s, ((label, ..), (from, growth)))| {
            let mut points = self.course(from, growth, s);
            if s == 1 {
                points.iter_mut().skip(3).take(1).for_each(|p| *p = Point::default());
            }
            Series { label, figures: self.figures(from), points }
        });
        line_band::draw(&LineBand {
            id: format!("lines{count}"),
            title: self.say("Demand for English tripled", "تضاعف الطلب على الإنجليزية ثلاث مرات"),
            axis: self.say("per 100 postings", "لكل 100 إعلان وظيفة"),
            rtl: self.rtl,
            periods: self.periods(),
            series: series.collect(),
            breaks: vec![5],
            ..LineBand::default()
        })
    }

    fn multiples(&self) -> Drawing {
        let panels = REGIONS.iter().take(self.size).enumerate().map(|(i, (en, ar))| {
            let from = 2.0 + (i * 7 % 9) as f64;
            let mut points = self.course(from, 0.3 * (i % 3) as f64, i);
            if i == 2 {
                points.iter_mut().skip(3).step_by(3).for_each(|p| *p = Point::default());
            }
            Panel {
                label: self.say(en, ar),
                figures: self.figures(from),
                points,
                breaks: if i == 3 { vec![4] } else { Vec::new() },
            }
        });
        small_multiples::draw(&SmallMultiples {
            id: "multiples".into(),
            title: self.say("Demand differs by region", "يختلف الطلب بين المناطق"),
            axis: self.say("generative AI, per 100 postings", "الذكاء الاصطناعي التوليدي، لكل 100 إعلان وظيفة"),
            rtl: self.rtl,
            periods: self.periods(),
            panels: panels.collect(),
            ..SmallMultiples::default()
        })
    }

    fn slope(&self) -> Drawing {
        let end = |value: f64, missing: bool| End {
            value: (!missing).then(|| self.n(value)),
            interval: (!missing).then(|| self.around(value)),
            figures: if missing { String::new() } else { (self.text)(&format!("{value:.1}")) },
        };
        let change = [0.4, 1.8, -0.6, 0.2, -2.4, 0.3, 2.9, -0.8, 0.1, 1.2];
        let lines = self.skills(10).zip(change).enumerate().map(|(i, ((label, up, _), change))| Line {
            label,
            from: end(up, i == 8),
            to: end(up + change, i == 5),
            strong: f64::abs(change) > 1.5,
        });
        slope::draw(&Slope {
            id: "slope".into(),
            title: self.say("Three skills moved", "تحركت ثلاث مهارات"),
            rtl: self.rtl,
            from: self.say("edition of June 2025", "طبعة حزيران 2025"),
            to: self.say("edition of June 2026", "طبعة حزيران 2026"),
            lines: lines.collect(),
            ..Slope::default()
        })
    }

    fn funnel(&self) -> Drawing {
        let stages = [
            ("postings read", "إعلانات قُرئت", 15_312.0, "", ""),
            (
                "kept",
                "إعلانات أُبقيت",
                14_120.0,
                "1,192 rejected: no text, no date or outside the area",
                "1,192 مرفوضة: بلا نص أو بلا تاريخ أو خارج المنطقة",
            ),
            (
                "after removing duplicates",
                "بعد إزالة المكرر",
                7_200.0,
                "6,920 seen on more than one board",
                "6,920 ظهرت في أكثر من موقع",
            ),
            (
                "with at least one skill",
                "فيها مهارة واحدة على الأقل",
                6_551.0,
                "649 with no skill found",
                "649 لم تُعثر فيها على مهارة",
            ),
        ];
        let stage = |(en, ar, value, lost_en, lost_ar): &(&str, &str, f64, &str, &str)| Stage {
            label: self.say(en, ar),
            value: Some(self.n(*value)),
            figures: (self.text)(&format!("{},{:03}", *value as u32 / 1000, *value as u32 % 1000)),
            lost: if lost_en.is_empty() { String::new() } else { self.say(lost_en, lost_ar) },
        };
        funnel::draw(&Funnel {
            id: "funnel".into(),
            title: self.say("Half the postings were seen twice", "نصف الإعلانات ظهر مرتين"),
            rtl: self.rtl,
            stages: stages.iter().take(self.size).map(stage).collect(),
            ..Funnel::default()
        })
    }

    fn quadrant(&self, count: usize) -> Drawing {
        let points = self.skills(count).enumerate().map(|(i, (label, up, across))| Skill {
            label,
            across: Some(self.n(across)),
            up: Some(self.n(up)),
            across_interval: None,
            up_interval: Some(self.around(up)),
            strong: i % 5 == 0,
        });
        quadrant::draw(&Quadrant {
            id: format!("quadrant{count}"),
            title: self.say("Nine skills are asked for and not taught", "تسع مهارات مطلوبة ولا تُدرّس"),
            across: self.say("covered by the portfolio, per cent", "ما تغطيه البرامج، بالمئة"),
            up: self.say(
                "asked for, per 100 postings (square-root scale)",
                "مطلوب، لكل 100 إعلان وظيفة (مقياس الجذر التربيعي)",
            ),
            rtl: self.rtl,
            split: (50.0, self.n(4.0)),
            up_root: true,
            names: [
                self.say("much asked, little covered", "طلب كبير وتغطية قليلة"),
                self.say("much asked, covered", "طلب كبير وتغطية جيدة"),
                self.say("little asked, little covered", "طلب قليل وتغطية قليلة"),
                self.say("little asked, covered", "طلب قليل وتغطية جيدة"),
            ],
            points: points.collect(),
            ..Quadrant::default()
        })
    }

    fn all(&self) -> Vec<(&'static str, Drawing)> {
        vec![
            ("dumbbell", self.dumbbell()),
            ("interval bars", self.bars()),
            ("heat table", self.heat()),
            ("line with band", self.lines(2)),
            ("four lines", self.lines(4)),
            ("small multiples", self.multiples()),
            ("slope", self.slope()),
            ("funnel", self.funnel()),
            ("quadrant, named", self.quadrant(20)),
            ("quadrant, all", self.quadrant(28)),
        ]
    }
}

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
    let css = include_str!("../templates/chart.css");
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
    let css = include_str!("../templates/chart.css");
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
    let style = concat!(include_str!("../templates/chart.css"), include_str!("../templates/gap.css"));
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
