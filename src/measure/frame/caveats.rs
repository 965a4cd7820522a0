//! Limits that hold for this edition, as sentences in the report's language, from what the data are.

use crate::measure::MeasureSpec;
use crate::measure::count::window::Window;
use crate::types::{Lang, LanguageCount, PeriodKind, QualityBox};

/// A limit in English, Spanish, Catalan and Arabic; `{...}` is filled in.
type Sentence = [&'static str; 4];

const SYNTHETIC: Sentence = [
    "The postings are synthetic: the figures show how the report works and nothing about a labour market.",
    "Las ofertas son sintéticas: las cifras muestran cómo funciona el informe y nada sobre un mercado de trabajo.",
    "Les ofertes són sintètiques: les xifres mostren com funciona l'informe i res sobre un mercat de treball.",
    "الإعلانات مصطنعة: تبيّن الأرقام كيف يعمل التقرير ولا تقول شيئًا عن سوق عمل.",
];
const WITHHELD: Sentence = [
    "There are too few postings or employers to publish any share.",
    "Hay demasiado pocas ofertas o empresas para publicar ninguna proporción.",
    "Hi ha massa poques ofertes o empreses per publicar cap proporció.",
    "عدد الإعلانات أو أصحاب العمل أقل من أن يسمح بنشر أي نسبة.",
];
const ONE_BOARD: Sentence = [
    "{share}% of the postings come from one board ({name}): the figures describe that board as much as the market.",
    "El {share} % de las ofertas procede de un solo portal ({name}): las cifras describen tanto ese portal como el mercado.",
    "El {share} % de les ofertes prové d'un sol portal ({name}): les xifres descriuen tant aquest portal com el mercat.",
    "تأتي نسبة {share}% من الإعلانات من موقع واحد ({name}): تصف الأرقام هذا الموقع بقدر ما تصف السوق.",
];
const EMPLOYER_UNKNOWN: Sentence = [
    "{share}% of the postings name no employer; each is taken as an employer of its own, so intervals may be too narrow.",
    "El {share} % de las ofertas no indica la empresa; cada una cuenta como una empresa distinta, así que los intervalos \
     pueden ser demasiado estrechos.",
    "El {share} % de les ofertes no indica l'empresa; cadascuna compta com una empresa diferent, així que els intervals \
     poden ser massa estrets.",
    "لا تذكر نسبة {share}% من الإعلانات صاحب العمل؛ يُعدّ كل منها صاحب عمل مستقلًا، فقد تكون فترات الثقة أضيق مما ينبغي.",
];
const UNDATED: Sentence = [
    "{share}% of the postings carry no date; they count in totals and in no period or trend.",
    "El {share} % de las ofertas no lleva fecha; cuenta en los totales y en ningún periodo ni tendencia.",
    "El {share} % de les ofertes no porta data; compta en els totals i en cap període ni tendència.",
    "لا تحمل نسبة {share}% من الإعلانات تاريخًا؛ تُحتسب في المجاميع ولا تُحتسب في أي فترة أو اتجاه.",
];
const WITHOUT_SKILL: Sentence = [
    "In {share}% of the postings no skill was recognised.",
    "En el {share} % de las ofertas no se reconoció ninguna competencia.",
    "En el {share} % de les ofertes no s'ha reconegut cap competència.",
    "لم يُتعرَّف على أي مهارة في {share}% من الإعلانات.",
];
const UNEVEN_LANGUAGES: Sentence = [
    "Recognition is uneven: {most} skills per posting in {most_name}, {least} in {least_name}; compare languages with care.",
    "El reconocimiento es desigual: {most} competencias por oferta en {most_name}, {least} en {least_name}; compare las \
     lenguas con cautela.",
    "El reconeixement és desigual: {most} competències per oferta en {most_name}, {least} en {least_name}; compareu les \
     llengües amb cautela.",
    "التعرّف غير متساوٍ: متوسط المهارات لكل إعلان {most} باللغة {most_name} و{least} باللغة {least_name}؛ فلتُقارَن اللغات بحذر.",
];
const AREA_UNKNOWN: Sentence = [
    "{share}% of the postings could not be placed in an area; they count in no area.",
    "El {share} % de las ofertas no se pudo situar en un territorio; no cuenta en ninguno.",
    "El {share} % de les ofertes no s'ha pogut situar en un territori; no compta en cap.",
    "تعذّر تحديد منطقة {share}% من الإعلانات؛ فلا تُحتسب في أي منطقة.",
];
const OCCUPATION_UNKNOWN: Sentence = [
    "{share}% of the postings could not be given an occupation; they count for no programme with target occupations.",
    "Al {share} % de las ofertas no se le pudo asignar una ocupación; no cuenta para ningún programa con ocupaciones \
     de destino.",
    "Al {share} % de les ofertes no se li ha pogut assignar una ocupació; no compta per a cap programa amb ocupacions \
     de destinació.",
    "تعذّر تحديد مهنة {share}% من الإعلانات؛ فلا تُحتسب لأي برنامج له مهن مستهدفة.",
];
const SHORT_WINDOW: Sentence = [
    "The window is shorter than two years: growth between its halves may be seasonal.",
    "La ventana es de menos de dos años: el crecimiento entre sus mitades puede ser estacional.",
    "La finestra és de menys de dos anys: el creixement entre les seves meitats pot ser estacional.",
    "النافذة الزمنية أقصر من سنتين: قد يكون النمو بين نصفيها موسميًا.",
];
const CALIBRATED_ON_OWN: Sentence = [
    "Match scores are probabilities calibrated on this project's own reviewed sentences; on texts of another kind they may be \
     off. Coverage says what the outcomes state, not what learners take away.",
    "Las puntuaciones de correspondencia son probabilidades calibradas con frases revisadas del propio proyecto; en textos de \
     otro tipo pueden desviarse. La cobertura dice lo que declaran los resultados de aprendizaje, no lo que se aprende.",
    "Les puntuacions de correspondència són probabilitats calibrades amb frases revisades del mateix projecte; en textos d'un \
     altre tipus es poden desviar. La cobertura diu el que declaren els resultats d'aprenentatge, no el que s'aprèn.",
    "درجات المطابقة احتمالات معايَرة على جمل راجعها هذا المشروع، وقد تنحرف في نصوص من نوع آخر. تبيّن التغطية ما تنص عليه \
     مخرجات التعلّم لا ما يخرج به المتعلمون.",
];
const UNWEIGHTED: Sentence = [
    "Shares are of online postings, not weighted to official employment, which they represent unevenly.",
    "Las proporciones son de ofertas en línea, sin ponderar por el empleo oficial, que representan de forma desigual.",
    "Les proporcions són d'ofertes en línia, sense ponderar per l'ocupació oficial, que representen de manera desigual.",
    "النسب هي من إعلانات الإنترنت دون ترجيح بأرقام التشغيل الرسمية، وهي تمثّلها تمثيلًا غير متساوٍ.",
];
const WEIGHTED_BESIDE: Sentence = [
    "Shares are of online postings as they came; beside them stand shares weighted to official employment by occupation group, \
     where there is one. Weights cannot speak for jobs that are never posted online.",
    "Las proporciones son de las ofertas en línea tal como llegaron; a su lado figuran las ponderadas por el empleo oficial por \
     grupo de ocupación, donde lo hay. La ponderación no puede hablar de los puestos que nunca se publican en línea.",
    "Les proporcions són de les ofertes en línia tal com van arribar; al costat hi ha les ponderades per l'ocupació oficial per \
     grup d'ocupació, on n'hi ha. La ponderació no pot parlar dels llocs que mai no es publiquen en línia.",
    "النسب هي من إعلانات الإنترنت كما وردت، وإلى جانبها نسب مرجّحة بالتشغيل الرسمي حسب المجموعة المهنية حيثما وُجد. ولا يستطيع \
     الترجيح أن ينطق عن وظائف لا تُنشر على الإنترنت أبدًا.",
];
const SAMPLING_ONLY: Sentence = [
    "Intervals of shares and growth hold sampling error only, those of coverage and unmet demand also whether matches are right; \
     errors in recognising skills come on top.",
    "Los intervalos de las proporciones y del crecimiento solo recogen el error de muestreo; los de la cobertura y la demanda no \
     cubierta, también si las correspondencias son correctas; los errores al reconocer competencias se suman.",
    "Els intervals de les proporcions i del creixement només recullen l'error de mostreig; els de la cobertura i la demanda no \
     coberta, també si les correspondències són correctes; els errors en reconèixer competències s'hi sumen.",
    "لا تشمل فترات الثقة للنسب والنمو إلا خطأ المعاينة، وتشمل فترات التغطية والطلب غير المغطّى كذلك احتمال خطأ المطابقات؛ وتُضاف \
     إليها أخطاء التعرّف على المهارات.",
];

/// Share of one board above which it is named.
const LARGE_BOARD: f64 = 0.6;
/// Share of postings with a gap in their data above which it is said.
const NOTABLE: f64 = 0.05;
/// Ratio of skills per posting between languages above which they are not alike.
const UNEVEN: f64 = 1.5;
/// Postings of a language for its mean to be compared.
const ENOUGH_POSTINGS: u64 = 30;

/// The limits that hold, the gravest first.
pub fn caveats(window: &Window, quality: &QualityBox, synthetic: bool, spec: &MeasureSpec) -> Vec<String> {
    let text = |sentence: Sentence| in_language(sentence, spec.language).to_owned();
    let base = window.rows.len() as u64;
    let share = |count: u64| count as f64 / base.max(1) as f64;
    let mut caveats = Vec::new();
    if synthetic {
        caveats.push(text(SYNTHETIC));
    }
    if base < spec.min_postings {
        caveats.push(text(WITHHELD));
    }
    if let Some(board) = quality.sources.first().filter(|s| share(s.posting_count) > LARGE_BOARD) {
        let sentence = text(ONE_BOARD).replace("{share}", &percent(share(board.posting_count)));
        caveats.push(sentence.replace("{name}", &board.board));
    }
    let without_skill = quality.languages.iter().map(|l| l.without_skill_count).sum();
    let unknown = |list: &[crate::types::AreaShare]| {
        list.iter().filter(|a| a.area == "unknown").map(|a| a.posting_count).sum::<u64>()
    };
    let gaps = [
        (EMPLOYER_UNKNOWN, quality.employer_unknown_count),
        (UNDATED, quality.undated_count),
        (WITHOUT_SKILL, without_skill),
        (AREA_UNKNOWN, unknown(&quality.areas)),
        (OCCUPATION_UNKNOWN, unknown(&quality.occupation_groups)),
    ];
    let notable = gaps.into_iter().filter(|(_, count)| share(*count) >= NOTABLE);
    caveats.extend(notable.map(|(sentence, count)| text(sentence).replace("{share}", &percent(share(count)))));
    caveats.extend(uneven(&quality.languages, &text(UNEVEN_LANGUAGES), spec.language));
    if window.periods.len() < two_years(spec.period) && base > 0 {
        caveats.push(text(SHORT_WINDOW));
    }
    let weights = if spec.weights.is_some() { WEIGHTED_BESIDE } else { UNWEIGHTED };
    caveats.extend([CALIBRATED_ON_OWN, weights, SAMPLING_ONLY].map(text));
    caveats
}

/// Whole per cent; a part of one is said as such.
fn percent(share: f64) -> String {
    match share * 100.0 {
        p if p > 0.0 && p < 1.0 => "<1".to_owned(),
        p if p > 99.0 && p < 100.0 => ">99".to_owned(),
        p => format!("{p:.0}"),
    }
}

fn two_years(period: PeriodKind) -> usize {
    match period {
        PeriodKind::Year => 2,
        PeriodKind::Quarter => 8,
        PeriodKind::Month => 24,
    }
}

fn uneven(languages: &[LanguageCount], sentence: &str, reader: Lang) -> Option<String> {
    let mut known: Vec<_> =
        languages.iter().filter(|l| l.posting_count >= ENOUGH_POSTINGS && l.language != Lang::Und).collect();
    known.sort_by(|a, b| a.skills_per_posting.total_cmp(&b.skills_per_posting));
    let (least, most) = (known.first()?, known.last()?);
    if most.skills_per_posting <= UNEVEN * least.skills_per_posting {
        return None;
    }
    let filled = sentence
        .replace("{most}", &one_decimal(most.skills_per_posting, reader))
        .replace("{least}", &one_decimal(least.skills_per_posting, reader));
    let name = |l: Lang| in_language(language_names(l), reader);
    Some(filled.replace("{most_name}", name(most.language)).replace("{least_name}", name(least.language)))
}

/// A language as it is named in each of the four.
fn language_names(language: Lang) -> Sentence {
    match language {
        Lang::En => ["English", "inglés", "anglès", "الإنجليزية"],
        Lang::Es => ["Spanish", "español", "espanyol", "الإسبانية"],
        Lang::Ca => ["Catalan", "catalán", "català", "الكتالانية"],
        Lang::Ar => ["Arabic", "árabe", "àrab", "العربية"],
        Lang::Und => ["other languages", "otras lenguas", "altres llengües", "غير المعروفة"],
    }
}

fn one_decimal(value: f64, reader: Lang) -> String {
    let text = format!("{value:.1}");
    if matches!(reader, Lang::Es | Lang::Ca) { text.replace('.', ",") } else { text }
}

fn in_language([en, es, ca, ar]: Sentence, language: Lang) -> &'static str {
    match language {
        Lang::Es => es,
        Lang::Ca => ca,
        Lang::Ar => ar,
        Lang::En | Lang::Und => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uneven_languages_are_named_and_their_means_written_as_the_reader_does() {
        let count = |language, skills_per_posting| LanguageCount {
            language,
            posting_count: 40,
            without_skill_count: 0,
            skills_per_posting,
        };
        let languages = [count(Lang::En, 6.25), count(Lang::Ar, 2.5)];
        let said = |reader| uneven(&languages, in_language(UNEVEN_LANGUAGES, reader), reader).unwrap();
        assert!(said(Lang::Ca).contains("6,2 competències per oferta en anglès, 2,5 en àrab"), "{}", said(Lang::Ca));
        assert!(said(Lang::Ar).contains("6.2 باللغة الإنجليزية"), "{}", said(Lang::Ar));
    }
}
