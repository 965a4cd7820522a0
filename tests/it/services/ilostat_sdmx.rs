//! sources.md §5.2, SDMX: path, form by `Accept`, required headers, 404 and 504 (V, L2); §10 no. 14. The columns are those
//! of SDMX-CSV 1.0 (R).

use super::{Asked, Case, Reply};

/// Dimensions, then period, value and status.
const ROWS: &[(&str, &str, &str, &str)] = &[
    ("PSE.A.EMP_TEMP_NB.SEX_T.OCU_ISCO08_TOTAL", "2014", "898.1", ""),
    ("PSE.A.EMP_TEMP_NB.SEX_T.OCU_ISCO08_TOTAL", "2022", "1135.9", ""),
    ("PSE.A.EMP_TEMP_NB.SEX_T.OCU_ISCO08_2", "2022", "221.7", ""),
    ("PSE.A.EMP_TEMP_NB.SEX_F.OCU_ISCO08_2", "2022", "101.3", ""),
    ("PSE.A.EMP_TEMP_NB.SEX_T.OCU_ISCO08_0", "2022", "0.9", "U"),
    ("JOR.A.EMP_TEMP_NB.SEX_T.OCU_ISCO08_2", "2022", "402.1", "B"),
    ("ESP.A.EMP_TEMP_NB.SEX_T.OCU_ISCO08_2", "2022", "3902.6", ""),
];

pub fn case() -> Case {
    Case {
        service: "ilostat_sdmx",
        kind: "statistics",
        base_path: "/rest",
        ask: "dataflow = ['DF_EMP_TEMP_SEX_OCU_NB', 'DF_EIP_NEET_SEX_RT']\nkey = ['PSE+JOR.A..SEX_T.', 'PSE.A..SEX_T']\nfrom = 2015",
        source: "",
        reply,
        // The second dataflow has nothing under its key.
        questions: 2,
        kept: 4,
        rejected: 0,
        shows: &["1135.9", "221.7", "402.1", "OCU_ISCO08_2", "2022", "DF_EMP_TEMP_SEX_OCU_NB"],
    }
}

fn reply(asked: &Asked) -> Reply {
    let language = asked.header("accept-language").unwrap_or("*");
    if asked.header("user-agent").is_none_or(str::is_empty) || language.starts_with('*') {
        return Reply::new(500, "text/plain", "Cannot read field languageTag1");
    }
    let Some((flow, key)) = asked.path.strip_prefix("/rest/data/").and_then(|rest| rest.split_once('/')) else {
        return Reply::not_found();
    };
    let wanted: Vec<Vec<&str>> = key.split('.').map(|items| items.split(['+', ' ']).collect()).collect();
    if wanted.iter().any(|items| items.len() > 30) {
        return Reply::new(504, "text/html", "<html><body>504 Gateway Time-out</body></html>");
    }
    if flow != "ILO,DF_EMP_TEMP_SEX_OCU_NB,1.0" || wanted.len() != 5 {
        return Reply::new(404, "text/plain", "No results matching the query found");
    }
    let since = asked.query("startPeriod").unwrap_or_default();
    let fits = |items: &str| wanted.iter().zip(items.split('.')).all(|(any, item)| any == &[""] || any.contains(&item));
    let found: Vec<_> = ROWS.iter().filter(|(items, period, ..)| fits(items) && *period >= since).collect();
    if found.is_empty() {
        return Reply::new(404, "text/plain", "No results matching the query found");
    }
    if !asked.header("accept").unwrap_or_default().starts_with("application/vnd.sdmx.data+csv") {
        return Reply::new(200, "application/xml", "<m:GenericData xmlns:m=\"http://www.sdmx.org/m\"/>");
    }
    let mut text =
        "DATAFLOW,REF_AREA,FREQ,MEASURE,SEX,OCU,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,UNIT_MULT\n".to_owned();
    for (items, period, value, status) in found {
        let items = items.replace('.', ",");
        text.push_str(&format!("ILO:DF_EMP_TEMP_SEX_OCU_NB(1.0),{items},{period},{value},{status},PS,3\n"));
    }
    Reply::new(200, "application/vnd.sdmx.data+csv;version=1.0.0", text)
}
