//! sources.md §5.2, rplumber: parameters and CSV of `type=code` (V, L1); §0.2 no. 2 and 8: BOM, 500 without User-Agent or
//! with `Accept-Language: *` (V, L2); §10 no. 15. Other forms than CSV are R.

use super::{Asked, Case, Reply};

/// Columns from `ref_area` to `time`, then value and status.
const EMPLOYMENT: &[(&str, &str, &str)] = &[
    ("PSE BA:650 EMP_TEMP_SEX_OCU_NB_A SEX_T OCU_ISCO08_TOTAL 2020", "955.400", ""),
    ("PSE BA:650 EMP_TEMP_SEX_OCU_NB_A SEX_T OCU_ISCO08_TOTAL 2021", "1035.217", ""),
    ("PSE BA:650 EMP_TEMP_SEX_OCU_NB_A SEX_T OCU_ISCO08_2 2021", "210.446", ""),
    ("PSE BA:650 EMP_TEMP_SEX_OCU_NB_A SEX_F OCU_ISCO08_2 2021", "98.112", ""),
    ("PSE BA:650 EMP_TEMP_SEX_OCU_NB_A SEX_T OCU_ISCO08_0 2022", "1.2", "U"),
    ("PSE BA:650 EMP_TEMP_SEX_OCU_NB_A SEX_T OCU_ISCO08_2 2022", "", "S"),
    ("ESP BA:2242 EMP_TEMP_SEX_OCU_NB_A SEX_T OCU_ISCO08_2 2022", "3902.6", "B"),
    ("ESP BA:2242 EMP_TEMP_SEX_OCU_NB_A SEX_T OCU_ISCO08_2 2024", "4100.5", ""),
    ("JOR BA:12043 EMP_TEMP_SEX_OCU_NB_A SEX_T OCU_ISCO08_2 2022", "402.1", ""),
];
const UNEMPLOYMENT: &[(&str, &str, &str)] = &[
    ("PSE BA:650 UNE_DEAP_SEX_AGE_RT_A SEX_T AGE_YTHADULT_YGE15 2022", "24.4", ""),
    ("PSE BA:650 UNE_DEAP_SEX_AGE_RT_A SEX_T AGE_YTHADULT_Y15-24 2022", "36.1", ""),
    ("ESP BA:2242 UNE_DEAP_SEX_AGE_RT_A SEX_T AGE_YTHADULT_YGE15 2023", "12.18", ""),
    ("ESP BA:2242 UNE_DEAP_SEX_AGE_RT_A SEX_F AGE_YTHADULT_YGE15 2023", "13.8", ""),
];

pub fn case() -> Case {
    Case {
        service: "ilostat",
        kind: "statistics",
        base_path: "",
        ask: "indicator = ['EMP_TEMP_SEX_OCU_NB_A', 'UNE_DEAP_SEX_AGE_RT_A']\narea = ['PSE', 'ESP']\nfrom = 2021\nto = 2023\n\
              filter = ['sex=SEX_T']",
        source: "",
        reply,
        questions: 2,
        // 5 of employment, 3 of unemployment: both sexes, 2021 to 2023, without Jordan.
        kept: 8,
        rejected: 0,
        shows: &["1035.217", "OCU_ISCO08_2", "thousands", "12.18", "AGE_YTHADULT_Y15-24", "ESP"],
    }
}

fn reply(asked: &Asked) -> Reply {
    let language = asked.header("accept-language").unwrap_or("*");
    if asked.header("user-agent").is_none_or(str::is_empty) || language.starts_with('*') {
        return Reply::new(500, "text/plain", "Internal Server Error: languageTag1");
    }
    if asked.path != "/data/indicator/" {
        return Reply::not_found();
    }
    let rows = match asked.query("id") {
        Some("EMP_TEMP_SEX_OCU_NB_A") => EMPLOYMENT,
        Some("UNE_DEAP_SEX_AGE_RT_A") => UNEMPLOYMENT,
        _ => return Reply::new(404, "application/json", r#"{"error":"404 - Resource Not Found"}"#),
    };
    if asked.query("format") != Some(".csv") {
        return Reply::json("[]");
    }
    if asked.query("type") != Some("code") {
        return Reply::new(400, "text/plain", "this imitation knows type=code only");
    }
    let mut text =
        "\u{feff}\"ref_area\",\"source\",\"indicator\",\"sex\",\"classif1\",\"classif2\",\"time\",\"obs_value\",\
                    \"obs_status\",\"note_classif\",\"note_indicator\",\"note_source\"\n"
            .to_owned();
    for (columns, value, status) in rows {
        let columns: Vec<&str> = columns.split(' ').collect();
        let [area, source, indicator, sex, classification, time] = columns.as_slice() else { continue };
        let within = asked.query("timefrom").is_none_or(|from| *time >= from)
            && asked.query("timeto").is_none_or(|to| *time <= to);
        let wanted = [("ref_area", area), ("sex", sex), ("classif1", classification)];
        if within && wanted.iter().all(|(name, item)| among(asked, name, item)) {
            let status = if status.is_empty() { String::new() } else { format!("\"{status}\"") };
            text.push_str(&format!(
                "\"{area}\",\"{source}\",\"{indicator}\",\"{sex}\",\"{classification}\",,\"{time}\",{value},{status},,,\"R1:2383\"\n"
            ));
        }
    }
    Reply::new(200, "text/csv", text)
}

/// Several values are parted by `+`, which some decoders give as a blank.
fn among(asked: &Asked, name: &str, item: &str) -> bool {
    let given = asked.query(name).unwrap_or_default();
    given.is_empty() || given.split(['+', ' ']).any(|value| value == item)
}
