//! Every chart with figures as reports have them, in English and Arabic.

use crate::report::charts::dumbbell::{self, Dumbbell};
use crate::report::charts::funnel::{self, Funnel, Stage};
use crate::report::charts::heat_table::{self, Cell, HeatRow, HeatTable};
use crate::report::charts::interval_bars::{self, Bar, IntervalBars};
use crate::report::charts::line_band::{self, LineBand, Series};
use crate::report::charts::quadrant::{self, Quadrant, Skill};
use crate::report::charts::slope::{self, End, Line, Slope};
use crate::report::charts::small_multiples::{self, Panel, SmallMultiples};
use crate::report::charts::{About, Drawing, Point};

/// What a gallery is made of: its direction, what becomes of its texts and of its numbers.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub rtl: bool,
    pub text: &'a dyn Fn(&str) -> String,
    pub number: &'a dyn Fn(f64) -> f64,
    /// How many of everything there are.
    pub size: usize,
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

    fn about(&self, id: &str, title: String, description: String) -> About {
        About { id: id.to_owned(), title, description, rtl: self.rtl }
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
            about: self.about(
                "dumbbell",
                self.say("Six of eight skills are little taught", "ست من ثماني مهارات قليلة التغطية"),
                self.say("Demand and covered demand.", "الطلب والجزء المغطى منه."),
            ),
            axis: self.say("per 100 postings (n = 7,200)", "لكل 100 إعلان وظيفة (n = 7,200)"),
            covered_word: self.say("covered", "مغطى"),
            demand_word: self.say("asked for in postings", "مطلوب في الإعلانات"),
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
            about: self.about("bars", self.say("Three skills grew", "نمت ثلاث مهارات"), String::new()),
            axis: self
                .say("change of the share, second year against first, per cent", "تغير الحصة بين السنتين، بالمئة"),
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
            about: self.about(
                "heat",
                self.say("Most outcomes touch two groups", "معظم المخرجات تمس مجموعتين"),
                String::new(),
            ),
            unit: self.say("coverage of the group, per cent", "تغطية المجموعة، بالمئة"),
            columns: GROUPS.iter().take(self.size).map(|(en, ar)| self.say(en, ar)).collect(),
            rows: rows.collect(),
        })
    }

    pub fn lines(&self, count: usize) -> Drawing {
        let starts = [(13.0, 0.1), (3.0, 0.9), (8.0, -0.3), (7.0, 0.3)];
        let series = self.skills(count).zip(starts).enumerate().map(|(s, ((label, ..), (from, growth)))| {
            let mut points = self.course(from, growth, s);
            if s == 1 {
                points.iter_mut().skip(3).take(1).for_each(|p| *p = Point::default());
            }
            Series { label, figures: self.figures(from), points }
        });
        line_band::draw(&LineBand {
            about: self.about(
                &format!("lines{count}"),
                self.say("Demand for English tripled", "تضاعف الطلب على الإنجليزية ثلاث مرات"),
                String::new(),
            ),
            axis: self.say("per 100 postings", "لكل 100 إعلان وظيفة"),
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
            about: self.about(
                "multiples",
                self.say("Demand differs by region", "يختلف الطلب بين المناطق"),
                String::new(),
            ),
            axis: self.say("generative AI, per 100 postings", "الذكاء الاصطناعي التوليدي، لكل 100 إعلان وظيفة"),
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
            about: self.about("slope", self.say("Three skills moved", "تحركت ثلاث مهارات"), String::new()),
            from: self.say("edition of June 2025", "طبعة حزيران 2025"),
            to: self.say("edition of June 2026", "طبعة حزيران 2026"),
            lines: lines.collect(),
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
            about: self.about(
                "funnel",
                self.say("Half the postings were seen twice", "نصف الإعلانات ظهر مرتين"),
                String::new(),
            ),
            stages: stages.iter().take(self.size).map(stage).collect(),
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
            about: self.about(
                &format!("quadrant{count}"),
                self.say("Nine skills are asked for and not taught", "تسع مهارات مطلوبة ولا تُدرّس"),
                String::new(),
            ),
            across: self.say("covered by the portfolio, per cent", "ما تغطيه البرامج، بالمئة"),
            up: self.say(
                "asked for, per 100 postings (square-root scale)",
                "مطلوب، لكل 100 إعلان وظيفة (مقياس الجذر التربيعي)",
            ),
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

    pub fn all(&self) -> Vec<(&'static str, Drawing)> {
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
