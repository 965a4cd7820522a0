use super::items::hundredths;
use super::*;
use PayPeriod::{Day, Hour, Month, Week, Year};

/// Whole units of the currency.
fn pay(text: &str) -> Result<(&'static str, f64, f64, PayPeriod), PayDoubt> {
    read(text).map(|p| (p.currency, p.low as f64 / 100.0, p.high as f64 / 100.0, p.per))
}

#[test]
fn spellings_of_boards_are_read_as_a_person_reads_them() {
    let cases = [
        ("£25,147 to £27,596 a year", "GBP", 25_147.0, 27_596.0, Year),
        ("£31,365 - £37,890 per annum pro rata", "GBP", 31_365.0, 37_890.0, Year),
        ("£24907 – £30,615 GBP YEAR", "GBP", 24_907.0, 30_615.0, Year),
        ("Band 5 £28,452- £34,445 p/a Inc HCAS &amp; Allowances", "GBP", 28_452.0, 34_445.0, Year),
        ("£82,096 - £110,683+£2,162 LW per annum pro rata", "GBP", 82_096.0, 110_683.0, Year),
        ("£35,000 per annum plus £5,000 Welcome Bonus", "GBP", 35_000.0, 35_000.0, Year),
        ("£38,693 - £49,036 £38,693 - £49,036 GBP YEAR", "GBP", 38_693.0, 49_036.0, Year),
        ("(£) 31,365 - 37,890 Per Annum", "GBP", 31_365.0, 37_890.0, Year),
        ("£15.65 per hour plus 10% annual leave", "GBP", 15.65, 15.65, Hour),
        ("£12.44 - £13.62 p/h (DOE)plus enhancements", "GBP", 12.44, 13.62, Hour),
        ("£9.21ph (Enhanced rates for nights)", "GBP", 9.21, 9.21, Hour),
        ("£22-36p/h", "GBP", 22.0, 36.0, Hour),
        ("£10 per hour, 37.5 hours per week", "GBP", 10.0, 10.0, Hour),
        ("$15/hr", "USD", 15.0, 15.0, Hour),
        ("CAD $25 hourly", "CAD", 25.0, 25.0, Hour),
        ("$2,000 - $1,500 a month", "USD", 1_500.0, 2_000.0, Month),
        ("£155.62 per week for 12 months", "GBP", 155.62, 155.62, Week),
        ("€120 a day", "EUR", 120.0, 120.0, Day),
        ("28.000 - 32.000 € brutos/año", "EUR", 28_000.0, 32_000.0, Year),
        ("28.000€ - 33.000€ Bruto/año", "EUR", 28_000.0, 33_000.0, Year),
        ("entre 35.000 y 37.000 euros brutos al año", "EUR", 35_000.0, 37_000.0, Year),
        ("30-35k € b/a", "EUR", 30_000.0, 35_000.0, Year),
        ("36k€ anuales", "EUR", 36_000.0, 36_000.0, Year),
        ("45 mil euros anuales", "EUR", 45_000.0, 45_000.0, Year),
        ("1.800 €/mes x 14 pagas", "EUR", 25_200.0, 25_200.0, Year),
        ("Retribución: 987,85 euros brutos/mes 12 pagas", "EUR", 987.85, 987.85, Month),
        ("1.400 euros brutos al mes en doce pagas", "EUR", 1_400.0, 1_400.0, Month),
        ("12,50 euros a la hora", "EUR", 12.5, 12.5, Hour),
        ("2025 - Salario de 18.490 euros brutos anuales", "EUR", 18_490.0, 18_490.0, Year),
        ("des de 1.833 fins a 2.000 € bruts al mes", "EUR", 1_833.0, 2_000.0, Month),
        ("1.500 € bruts al mes més comissions", "EUR", 1_500.0, 1_500.0, Month),
        ("25 000 € l'any", "EUR", 25_000.0, 25_000.0, Year),
        ("3000-4000 NIS شهريا", "ILS", 3_000.0, 4_000.0, Month),
        ("٤٠٠٠ شيكل في الشهر", "ILS", 4_000.0, 4_000.0, Month),
        ("من ٣٬٥٠٠ إلى ٤٬٥٠٠ شيكل شهرياً", "ILS", 3_500.0, 4_500.0, Month),
        ("40 شيكل للساعة", "ILS", 40.0, 40.0, Hour),
        ("٦٠٠ دينار أردني شهرياً", "JOD", 600.0, 600.0, Month),
        (
            r#"{"@type":"MonetaryAmount","currency":"GBP","value":{"maxValue":"37890","minValue":"31365","unitText":"YEAR"}}"#,
            "GBP",
            31_365.0,
            37_890.0,
            Year,
        ),
    ];
    for (text, currency, low, high, per) in cases {
        assert_eq!(pay(text), Ok((currency, low, high, per)), "{text}");
    }
}

#[test]
fn what_is_not_certain_is_not_read_and_the_reason_is_kept() {
    let cases = [
        ("Negotiable", PayDoubt::NoAmount),
        ("DOE", PayDoubt::NoAmount),
        ("segons conveni", PayDoubt::NoAmount),
        ("راتب حسب الخبرة", PayDoubt::NoAmount),
        ("Band 5", PayDoubt::NoAmount),
        ("Grade: 7", PayDoubt::NoAmount),
        ("40 horas semanales", PayDoubt::NoAmount),
        ("", PayDoubt::NoAmount),
        ("['Salary', '4000.0']", PayDoubt::NoCurrency),
        ("13.83 per hour", PayDoubt::NoCurrency),
        ("5000 ريال شهريا", PayDoubt::NoCurrency),
        ("٤٠٠٠ شيكل", PayDoubt::NoPeriod),
        ("$1,000 - $1,500", PayDoubt::NoPeriod),
        ("45.000 €", PayDoubt::NoPeriod),
        ("Up to £26,520 per annum (DOE)", PayDoubt::OneEnd),
        ("From £12.74 per hour depending on experience", PayDoubt::OneEnd),
        ("hasta 30.000 € anuales", PayDoubt::OneEnd),
        ("més de 30.000 € anuals", PayDoubt::OneEnd),
        ("£9.21ph+", PayDoubt::OneEnd),
        ("1.200 € netos al mes", PayDoubt::Net),
        ("1150 euros líquidos/mes", PayDoubt::Net),
        ("£10.00 - £11.50 GBP YEAR", PayDoubt::Implausible),
        ("0 € al mes", PayDoubt::Implausible),
        ("45.000€ - 60.000€ Bruto/mes", PayDoubt::Implausible),
        ("£25-31000 + up to £3k salary enhancements pa", PayDoubt::Unclear),
        ("3€ - 4.200€ Bruto/mes", PayDoubt::Unclear),
        ("£24, 214 - £30,112 pa", PayDoubt::Unclear),
        ("£43,000 per annum (£20 per hour)", PayDoubt::Unclear),
        ("England £38,693-£52,036 Scotland £32,961-£51,828 pa", PayDoubt::Unclear),
        ("£20,000 or €24,000 a year", PayDoubt::Unclear),
        ("£20,000 € a year", PayDoubt::Unclear),
        ("£30,000 a year OTE", PayDoubt::Unclear),
        ("350.000 JOD a month", PayDoubt::Unclear),
        ("1.000 €/mes x 2 pagas", PayDoubt::Unclear),
    ];
    for (text, doubt) in cases {
        assert_eq!(read(text), Err(doubt), "{text}");
    }
}

#[test]
fn hostile_texts_are_doubts_and_never_a_panic() {
    let long = "£25,147 a year ".repeat(1_000);
    let digits = "9".repeat(900) + " € al mes";
    let texts = [
        long.as_str(),
        digits.as_str(),
        "1e309 € a year",
        "-500 € al mes",
        "£-500 a month",
        "४००० € al mes",
        "99999999999999999999 € al mes",
        "1.2.3.4.5 € al mes",
        "€€€€ £££ a year - - - to to",
        "\u{202e}\u{0} € ٪ k k k 5",
        "000,000,000,000,000 £ pa",
        "+ + + 5 plus plus",
        "5 pagas 5 pagas 5 pagas €/mes",
        "٫٬٫5٫ شيكل شهريا",
    ];
    for text in texts {
        assert!(read(text).is_err(), "{text:.60}");
    }
    assert_eq!(pay("４０００ € al mes"), Ok(("EUR", 4_000.0, 4_000.0, Month)));
    assert_eq!(pay("۴۰۰۰ € al mes"), Ok(("EUR", 4_000.0, 4_000.0, Month)));
    for text in ["£25,147 to £27,596 a year", "من ٣٬٥٠٠ إلى ٤٬٥٠٠ شيكل شهرياً"] {
        for (cut, _) in text.char_indices() {
            let _ = (read(&text[..cut]), read(&text[cut..]));
        }
    }
}

#[test]
fn digits_are_grouped_as_each_language_writes_them() {
    let cases = [
        ("1.800", Some(180_000)),
        ("1,800", Some(180_000)),
        ("28.998,40", Some(2_899_840)),
        ("28,998.40", Some(2_899_840)),
        ("12,5", Some(1_250)),
        ("4000.0", Some(400_000)),
        ("1.000.000", Some(100_000_000)),
        ("25 000", Some(2_500_000)),
        ("1'200", Some(120_000)),
        ("1.000.00", None),
        ("29.191.50", None),
        ("12.7450", None),
        ("0.500", None),
        ("1.000,000", None),
        ("1234.567", None),
    ];
    for (spelt, expected) in cases {
        assert_eq!(hundredths(spelt), expected, "{spelt}");
    }
}

#[test]
fn every_currency_has_bounds_and_every_word_of_the_table_a_known_kind() {
    let table = include_str!("../../../data/reference/pay_words.csv");
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.splitn(3, ',').collect();
        let is_currency = cells[0] == "currency" && cells[1] != "$";
        assert!(!is_currency || CURRENCIES.iter().any(|c| c.0 == cells[1]), "{line}");
        assert!(cells[2].split('|').all(|word| !word.trim().is_empty()), "{line}");
    }
}
