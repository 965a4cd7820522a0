//! Layouts of which no real file is at hand, and what must hold of all of them. The forms are those of
//! `design/sources.md`; texts and figures are made up.

use super::*;
use crate::acquire::{Columns, Limits};
use crate::types::{NumberStyle, SnapshotId, SourceId};

/// The layout, the figures, and the records rejected.
type Outcome = Result<(StatisticsLayout, Vec<RawObservation>, Vec<String>), String>;

fn read_bytes(bytes: &[u8], indicator: Option<&str>) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table");
    std::fs::write(&path, bytes).unwrap();
    let (source, snapshot) = (SourceId::new("office").unwrap(), SnapshotId("0".repeat(64)));
    let input = Input { source, snapshot, file: "table".to_owned(), limits: Limits::default(), before: 0 };
    let columns = Columns::default();
    let ask = StatisticsAsk { indicator, ..StatisticsAsk::unaided(&columns) };
    let (mut kept, mut rejects) = (Vec::new(), Vec::new());
    let layout = read_statistics(&path, &input, ask, &mut |record| match record {
        Record::Kept(figure) => kept.push(figure),
        Record::Rejected(reject) => rejects.push(reject.detail),
    });
    Ok((layout.map_err(|e| e.to_string())?.unwrap(), kept, rejects))
}

fn read(text: &str) -> Outcome {
    read_bytes(text.as_bytes(), Some("Employed"))
}

/// Area, period, value and status of each figure.
fn figures(rows: &[RawObservation]) -> Vec<(&str, &str, &str, &str)> {
    rows.iter()
        .map(|r| (r.area.as_str(), r.period.as_str(), r.value.as_str(), r.status.as_deref().unwrap_or("")))
        .collect()
}

fn further(row: &RawObservation) -> Vec<(&str, &str)> {
    row.breakdown.iter().map(|b| (b.dimension.as_str(), b.item.as_str())).collect()
}

#[test]
fn a_eurostat_tsv_gives_a_figure_per_period_with_its_flags() {
    // design/sources.md:248 (V)
    let text = "freq,isco08,worktime,sex,geo\\TIME_PERIOD\t2024 \t2025 \n\
        A,OC25,FT,T,ES\t345.2 \t: \n\
        A,OC35,TOTAL,F,EL\t210.7 b\t1e3 p\n\
        A,OC1-OC3,FT,T,ES\t: c\t0 n\n";
    let (layout, rows, rejects) = read(text).unwrap();
    assert_eq!((layout, rejects.len()), (StatisticsLayout::EurostatTsv, 0));
    assert_eq!(
        figures(&rows),
        [
            ("ES", "2024", "345.2", ""),
            ("ES", "2025", ":", ""),
            ("EL", "2024", "210.7", "b"),
            ("EL", "2025", "1e3", "p"),
            ("ES", "2024", ":", "c"),
            ("ES", "2025", "0", "n"),
        ]
    );
    assert_eq!((rows[0].occupation.as_deref(), rows[0].sex.as_deref()), (Some("OC25"), None));
    assert_eq!((further(&rows[0]), further(&rows[2])), (vec![("worktime", "FT")], vec![]));
    assert_eq!((rows[2].sex.as_deref(), rows[0].indicator.as_str()), (Some("F"), "Employed"));
    assert!(read_bytes(text.as_bytes(), None).unwrap_err().contains("does not say its indicator"));
}

#[test]
fn sdmx_csv_with_codes_with_names_and_with_both_in_a_cell_is_one_table() {
    // design/sources.md:249 (V), design/sources.md:253 (V)
    let codes = "DATAFLOW,LAST UPDATE,freq,isco08,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n\
        ESTAT:LFSA(1.0),10/02/26 11:00:00,A,OC25,THS,ES,2024,12.5,b,F\n\
        ESTAT:LFSA(1.0),10/02/26 11:00:00,A,OC25,THS,MT,2024,,,C\n";
    let both = "STRUCTURE,STRUCTURE_ID,freq: Frequency,isco08: Occupation,unit: Unit of measure,geo: Geo,TIME_PERIOD: Time,\
        OBS_VALUE: Value,OBS_FLAG: Flag,CONF_STATUS: Confidentiality\n\
        dataflow,ESTAT:LFSA(1.0),A: Annual,OC25: ICT professionals,THS: Thousand,ES: Spain,2024,12.5,b: break,F: free\n\
        dataflow,ESTAT:LFSA(1.0),A: Annual,OC25: ICT professionals,THS: Thousand,MT: Malta,2024,,,C: confidential\n";
    for text in [codes, both] {
        let (layout, rows, rejects) = read_bytes(text.as_bytes(), None).unwrap();
        assert_eq!((layout, rejects.len()), (StatisticsLayout::SdmxCsv, 0));
        assert_eq!(figures(&rows), [("ES", "2024", "12.5", "b"), ("MT", "2024", "", "CONF_STATUS=C")]);
        assert_eq!((rows[0].indicator.as_str(), rows[0].occupation.as_deref()), ("LFSA", Some("OC25")));
    }
}

/// A table of two periods by two places by two sectors by two kinds of contract, dense.
fn dense() -> serde_json::Value {
    // design/sources.md:244 (V); the array is as legal as the object.
    serde_json::json!({
        "version": "2.0", "class": "dataset", "label": "Employed", "source": "An office",
        "id": ["time", "geo", "sector", "contract", "hours"], "size": [2, 2, 2, 1, 1],
        "role": {"time": ["time"], "geo": ["geo"]},
        "dimension": {
            "time": {"category": {"index": ["2024", "2025"]}},
            "geo": {"category": {"index": {"PS": 1, "ES": 0}, "label": {"PS": "Palestine", "ES": "Spain"}}},
            "sector": {"label": "Sector", "category": {"index": {"A": 0, "B": 1}, "label": {"A": "Farming", "B": "Mining"}}},
            "contract": {"label": "Contract", "category": {"label": {"PERM": "Permanent"}}},
            "hours": {"label": "Hours", "category": {"label": {"FT": "Full time"}}}
        },
        "value": [1, 0, null, 4.5, 5, null, 7, 8],
        "status": ["", "", "c", "", "", ":", "b", ""]
    })
}

#[test]
fn dense_and_sparse_json_stat_of_one_table_give_the_same_figures() {
    let dense = dense();
    let mut sparse = dense.clone();
    sparse["value"] = serde_json::json!({"0": 1, "1": 0, "3": 4.5, "4": 5, "6": 7, "7": 8});
    sparse["status"] = serde_json::json!({"2": "c", "5": ":", "6": "b"});
    let mut old = dense.clone();
    old["status"] = serde_json::json!({"value": dense["status"], "category": {"label": {"c": "confidential"}}});
    let first = dense.as_object().unwrap().clone();
    let old_version: serde_json::Map<_, _> = [("id", &first["id"]), ("size", &first["size"]), ("role", &first["role"])]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .chain(first["dimension"].as_object().unwrap().clone())
        .collect();
    let version_1 = serde_json::json!({"employed": {
        "label": "Employed", "source": "An office", "value": first["value"], "status": first["status"],
        "dimension": old_version
    }});
    let (layout, rows, _) = read_bytes(dense.to_string().as_bytes(), None).unwrap();
    assert_eq!((layout, rows.len()), (StatisticsLayout::JsonStat, 8));
    for other in [sparse, old, version_1] {
        let (_, others, rejects) = read_bytes(other.to_string().as_bytes(), None).unwrap();
        assert_eq!((rejects.len(), &others), (0, &rows));
    }
    assert_eq!(figures(&rows)[2], ("PS", "2024", "", "c"));
    assert_eq!(rows[6].area_name.as_deref(), Some("Palestine"));
    assert_eq!((rows[6].sector.as_deref(), rows[6].status.as_deref()), (Some("A Farming"), Some("b")));
    let mut places = dense.clone();
    places["role"]["geo"] = serde_json::json!(["geo", "contract"]);
    assert_eq!(read_bytes(places.to_string().as_bytes(), None).unwrap().1, rows);
    // Two dimensions without a column of their own both survive.
    assert_eq!(further(&rows[0]), [("Contract", "Permanent"), ("Hours", "Full time")]);
}

#[test]
fn several_json_stat_datasets_are_read_one_after_another_and_what_holds_none_is_refused_in_words() {
    let collection = serde_json::json!({"version": "2.0", "class": "collection", "link": {"item": [dense(), dense()]}});
    let (_, rows, _) = read(&collection.to_string()).unwrap();
    assert_eq!((rows.len(), rows[8].origin.record), (16, 9));
    let (_, rows, _) = read(&serde_json::json!({"one": dense(), "two": dense()}).to_string()).unwrap();
    assert_eq!(rows.len(), 16);
    let mut short = dense();
    short["value"] = serde_json::json!([1, 2]);
    let mut outside = dense();
    outside["value"] = serde_json::json!({"8": 1});
    let with = |key: &str, value: serde_json::Value| {
        let mut table = dense();
        table[key] = value;
        table.to_string()
    };
    let placed = |index: serde_json::Value| {
        let mut table = dense();
        table["dimension"]["geo"]["category"]["index"] = index;
        table.to_string()
    };
    let mut timeless = dense();
    timeless["role"] = serde_json::json!({});
    timeless["dimension"]["when"] = timeless["dimension"]["time"].clone();
    timeless["id"][0] = "when".into();
    for (text, words) in [
        (short.to_string(), "2 values for 8 cells"),
        (outside.to_string(), "at '8', outside its 8 cells"),
        (with("value", serde_json::json!({"0": 1, "00": 2})), "more than one value at its cell 0"),
        (with("value", serde_json::json!({"first": 1})), "at 'first', outside its 8 cells"),
        (with("status", serde_json::json!({"9": "b"})), "a status at '9', outside its 8 cells"),
        (placed(serde_json::json!({"PS": 1, "ES": 1})), "of its dimension 'geo' at one place"),
        (placed(serde_json::json!({"PS": 2, "ES": 0})), "'PS' of its dimension 'geo' at '2'"),
        (placed(serde_json::json!({"PS": 0.5, "ES": 0})), "'PS' of its dimension 'geo' at '0.5'"),
        (placed(serde_json::Value::Null), "in which order the 2 items of its dimension 'geo' stand"),
        ("{\"error\":{\"code\":42,\"message\":\"no such view\"}}".to_owned(), "'no such view'"),
        (timeless.to_string(), "no dimension of time"),
        // design/sources.md:369 (V)
        ("{\"version\":\"2.0\",\"class\":\"error\",\"label\":\"Too many cells\"}".to_owned(), "Too many cells"),
        // design/sources.md:243 (V)
        (
            "{\"error\":[{\"status\":416,\"id\":100,\"label\":\"Too many categories\"}]}".to_owned(),
            "Too many categories",
        ),
        (
            "{\"class\":\"collection\",\"link\":{\"item\":[{\"class\":\"dataset\",\"href\":\"x\"}]}}".to_owned(),
            "of links",
        ),
        ("{\"class\":\"dimension\",\"label\":\"Sex\"}".to_owned(), "no JSON-stat dataset"),
    ] {
        let said = read(&text).unwrap_err();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn places_of_items_may_be_texts_or_whole_numbers_with_a_fraction() {
    let (_, rows, _) = read_bytes(dense().to_string().as_bytes(), None).unwrap();
    for index in [serde_json::json!({"PS": "1", "ES": "0"}), serde_json::json!({"PS": 1.0, "ES": 0.0})] {
        let mut other = dense();
        other["dimension"]["geo"]["category"]["index"] = index;
        assert_eq!(read_bytes(other.to_string().as_bytes(), None).unwrap().1, rows);
    }
}

#[test]
fn a_municipality_does_not_pass_for_the_province_of_its_name_and_a_named_quarter_is_no_month() {
    // design/sources.md §6.4: Idescat's divisions
    let table = serde_json::json!({
        "version": "2.0", "class": "dataset", "label": "Aturats", "source": "Idescat",
        "id": ["QUARTER", "MUN", "OCU"], "size": [1, 2, 1],
        "role": {"time": ["QUARTER"], "geo": ["MUN"]},
        "dimension": {
            "QUARTER": {"label": "trimestre", "category": {"index": ["20241"], "label": {"20241": "1r trimestre 2024"}}},
            "MUN": {"label": "municipi", "category": {"index": ["080193", "TOTAL"],
                "label": {"080193": "Barcelona", "TOTAL": "Catalunya"}}},
            "OCU": {"label": "ocupació", "category": {"index": ["27"], "label": {"27": "Professionals de les TIC"}}}
        },
        "value": [70, 310]
    });
    let (_, rows, rejects) = read_bytes(table.to_string().as_bytes(), None).unwrap();
    assert_eq!(figures(&rows), [("TOTAL", "2024-Q1", "310", "")]);
    assert_eq!(rejects, ["column area: '080193 Barcelona' of 'municipi' is finer than a province"]);
    // Codes of CNO-11 are none of ISCO-08.
    assert_eq!(rows[0].occupation, None);
    assert_eq!(further(&rows[0]), [("ocupació (CNO-11)", "Professionals de les TIC")]);
}

#[test]
fn generic_and_structure_specific_sdmx_ml_of_one_series_give_the_same_figures() {
    // design/sources.md:247 (V)
    let generic = "<?xml version=\"1.0\"?><m:GenericData xmlns:m=\"http://www.sdmx.org/m\" xmlns:g=\"http://www.sdmx.org/g\">\
        <m:Header><m:Structure structureID=\"S\" dimensionAtObservation=\"TIME_PERIOD\"><Ref id=\"LFSA\"/></m:Structure></m:Header>\
        <m:DataSet><g:Series><g:SeriesKey><g:Value id=\"freq\" value=\"A\"/><g:Value id=\"geo\" value=\"ES\"/>\
        <g:Value id=\"worktime\" value=\"FT\"/></g:SeriesKey>\
        <g:Obs><g:ObsDimension value=\"2024\"/><g:ObsValue value=\"1.5\"/>\
        <g:Attributes><g:Value id=\"OBS_STATUS\" value=\"u\"/></g:Attributes></g:Obs>\
        <g:Obs><g:ObsDimension value=\"2025\"/><g:Attributes><g:Value id=\"CONF_STATUS\" value=\"C\"/></g:Attributes></g:Obs>\
        </g:Series></m:DataSet></m:GenericData>";
    let specific = "<?xml version=\"1.0\"?><m:StructureSpecificData xmlns:m=\"http://www.sdmx.org/m\"><m:Header>\
        <m:Structure dimensionAtObservation=\"TIME_PERIOD\"><Ref id=\"LFSA\"/></m:Structure></m:Header><m:DataSet>\
        <Series freq=\"A\" geo=\"ES\" worktime=\"FT\"><Obs TIME_PERIOD=\"2024\" OBS_VALUE=\"1.5\" OBS_STATUS=\"u\"/>\
        <Obs TIME_PERIOD=\"2025\" CONF_STATUS=\"C\"/></Series></m:DataSet></m:StructureSpecificData>";
    let (layout, rows, _) = read_bytes(generic.as_bytes(), None).unwrap();
    assert_eq!(layout, StatisticsLayout::SdmxMl);
    assert_eq!(figures(&rows), [("ES", "2024", "1.5", "u"), ("ES", "2025", "", "CONF_STATUS=C")]);
    assert_eq!((rows[0].indicator.as_str(), further(&rows[0])), ("LFSA", vec![("worktime", "FT")]));
    assert_eq!(read_bytes(specific.as_bytes(), None).unwrap().1, rows);
    // design/sources.md:250 (V)
    let later = "<m:StructureSpecificData xmlns:m=\"http://www.sdmx.org/m\"><f:Footer xmlns:f=\"http://www.sdmx.org/f\">\
        <f:Message code=\"413\"><c:Text xmlns:c=\"http://www.sdmx.org/c\">The file will be at an address</c:Text></f:Message>\
        </f:Footer></m:StructureSpecificData>";
    assert!(read(later).unwrap_err().contains("The file will be at an address"));
    assert!(
        read(&specific[..specific.len() - 30]).is_ok_and(|(_, rows, _)| rows.len() == 2)
            || read(&specific[..200]).is_err()
    );
}

#[test]
fn both_shapes_of_ines_json_give_the_month_that_is_named_and_not_the_one_of_the_instant() {
    // design/sources.md:351 (V), design/sources.md:353 (V; `Secreto` R)
    let friendly = "[{\"COD\":\"X1\",\"Nombre\":\"Cataluña. Mujeres. Parados. \",\"T3_Unidad\":\"Personas\",\"T3_Escala\":\"Miles\",\
        \"Data\":[{\"Fecha\":\"2025-05-01T00:00:00.000+02:00\",\"T3_TipoDato\":\"Avance\",\"T3_Periodo\":\"M05\",\"Anyo\":2025,\"Valor\":118.077},\
        {\"Fecha\":\"2025-01-01T00:00:00.000+01:00\",\"T3_TipoDato\":\"Definitivo\",\"T3_Periodo\":\"T1\",\"Anyo\":2025,\"Valor\":null}]}]";
    let plain = "{\"COD\":\"X1\",\"Nombre\":\"Cataluña. Mujeres. Parados. \",\"FK_Unidad\":3,\"FK_Escala\":1,\
        \"Data\":[{\"Fecha\":1746050400000,\"FK_TipoDato\":1,\"FK_Periodo\":5,\"Anyo\":2025,\"Valor\":118.077,\"Secreto\":false},\
        {\"Fecha\":1746050400000,\"FK_TipoDato\":1,\"FK_Periodo\":6,\"Anyo\":2025,\"Valor\":1,\"Secreto\":true},\
        {\"Fecha\":1746050400000,\"FK_TipoDato\":1,\"FK_Periodo\":20,\"Anyo\":2025,\"Valor\":1,\"Secreto\":false}]}";
    let (layout, rows, _) = read_bytes(friendly.as_bytes(), None).unwrap();
    assert_eq!(layout, StatisticsLayout::IneJson);
    assert_eq!(figures(&rows), [("", "2025M05", "118.077", "Avance"), ("", "2025T1", "", "Definitivo")]);
    assert_eq!((rows[0].unit.as_str(), rows[0].sex.as_deref()), ("Miles Personas", Some("Mujeres")));
    assert_eq!(further(&rows[0]), [("series", "Cataluña"), ("series", "Parados")]);
    let (_, rows, rejects) = read_bytes(plain.as_bytes(), None).unwrap();
    assert_eq!(figures(&rows), [("", "2025M05", "118.077", ""), ("", "2025M06", "1", "Secreto estadístico")]);
    assert!(rejects[0].contains("tip=A"), "{rejects:?}");
}

#[test]
fn pc_axis_signs_are_what_the_publisher_says_and_codes_stand_beside_labels() {
    // design/sources.md:382 (V for `..`; the other keywords are those of the PC-Axis format)
    let text = "CHARSET=\"ANSI\";\nCODEPAGE=\"iso-8859-15\";\nTITLE=\"Employed\";\nCONTENTS=\"Employed\";\nUNITS=\"persons\";\n\
        STUB=\"Region\";\nHEADING=\"Year\",\"Contents\";\nCONTVARIABLE=\"Contents\";\n\
        VALUES(\"Region\")=\"Cata\"\n\"luña\",\"Spain\";\nCODES(\"Region\")=\"ES51\",\"ES\";\nMAP(\"Region\")=\"m\";\n\
        VALUES(\"Year\")=\"2024\",\"2025\";\nTIMEVAL(\"Year\")=TLIST(A1),\"2024\",\"2025\";\n\
        VALUES(\"Contents\")=\"Number\",\"Rate\";\nUNITS(\"Rate\")=\"%\";\nVALUES[es](\"Contents\")=\"Número\",\"Tasa\";\n\
        DATASYMBOL2=\"Secreto estadístico\";\nDATA=1 2.5 \"..\" \"...\"\n5 6 -7 \"-\";\n";
    let (layout, rows, _) = read_bytes(text.as_bytes(), None).unwrap();
    assert_eq!(layout, StatisticsLayout::PcAxis);
    let found: Vec<_> =
        rows.iter().map(|r| (r.area.as_str(), r.period.as_str(), r.unit.as_str(), r.value.as_str())).collect();
    assert_eq!(
        found,
        [
            ("ES51", "2024", "persons", "1"),
            ("ES51", "2024", "%", "2.5"),
            ("ES51", "2025", "persons", ""),
            ("ES51", "2025", "%", "..."),
            ("ES", "2024", "persons", "5"),
            ("ES", "2024", "%", "6"),
            ("ES", "2025", "persons", "-7"),
            ("ES", "2025", "%", "-"),
        ]
    );
    assert_eq!(
        (rows[2].status.as_deref(), rows[0].area_name.as_deref()),
        (Some("Secreto estadístico"), Some("Cataluña"))
    );
    assert_eq!(rows[1].indicator, "Employed: Rate");
    assert!(read(&text.replace(" 6 ", " ")).unwrap_err().contains("7 cells under DATA but its VALUES make 8"));
}

#[test]
fn the_world_banks_answers_are_read_and_its_errors_and_descriptions_refused() {
    // design/sources.md:296 (V)
    let answer = "[{\"page\":1,\"pages\":1,\"per_page\":1000,\"total\":2,\"lastupdated\":\"2023-07-25\"},\
        [{\"indicator\":{\"id\":\"SL.UEM.TOTL.ZS\",\"value\":\"Unemployment (% of labour force)\"},\"country\":{\"id\":\"PS\",\"value\":\"West Bank and Gaza\"},\
        \"countryiso3code\":\"PSE\",\"date\":\"2023\",\"value\":null,\"unit\":\"\",\"obs_status\":\"\",\"decimal\":1},\
        {\"indicator\":{\"id\":\"SL.UEM.TOTL.ZS\",\"value\":\"Unemployment (% of labour force)\"},\"country\":{\"id\":\"PS\",\"value\":\"West Bank and Gaza\"},\
        \"countryiso3code\":\"PSE\",\"date\":\"2022\",\"value\":24.4,\"unit\":\"\",\"obs_status\":\"\",\"decimal\":1}]]";
    let (layout, rows, _) = read_bytes(answer.as_bytes(), None).unwrap();
    assert_eq!(layout, StatisticsLayout::WorldbankJson);
    assert_eq!(figures(&rows), [("PSE", "2023", "", ""), ("PSE", "2022", "24.4", "")]);
    assert_eq!((rows[0].indicator.as_str(), rows[0].unit.as_str()), ("SL.UEM.TOTL.ZS", "% of labour force"));
    let paged = answer.replace("\"pages\":1", "\"pages\":2");
    for (text, words) in [
        // design/sources.md:302 (V shape, R ids)
        ("[{\"message\":[{\"id\":\"120\",\"key\":\"Invalid value\",\"value\":\"not a country\"}]}]", "not a country"),
        ("[{\"page\":0,\"pages\":0,\"total\":0},null]", "no figures"),
        (paged.as_str(), "one page of 2"),
        ("\"Country Code\",\"Region\",\"IncomeGroup\",\"SpecialNotes\",\"TableName\",\n", "describes countries"),
        ("service unavailable", "no layout"),
        ("\n\n<!DOCTYPE html><html></html>", "HTML"),
    ] {
        let said = read(text).unwrap_err();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn tables_named_in_words_keep_every_column_and_their_offices_way_of_writing_numbers() {
    // design/sources.md:358 (V)
    let ask = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table");
        std::fs::write(&path, text).unwrap();
        let (source, snapshot) = (SourceId::new("office").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "table".to_owned(), limits: Limits::default(), before: 0 };
        let columns = Columns::default();
        let ask =
            StatisticsAsk { indicator: Some("Employed"), unit: Some("thousands"), ..StatisticsAsk::unaided(&columns) };
        let mut kept = Vec::new();
        let layout = read_statistics(&path, &input, ask, &mut |record| match record {
            Record::Kept(figure) => kept.push(figure),
            Record::Rejected(reject) => panic!("{reject:?}"),
        });
        (layout.unwrap().unwrap(), kept)
    };
    let ine = "\u{feff}Sexo;Provincias;Tipo de contrato;Tipo de jornada;Periodo;Total\n\
        Ambos sexos;08 Barcelona;Indefinido;Parcial;2024T3;24.440\nMujeres;Total Nacional;Total;Total;2024T2;..\n";
    let (layout, rows) = ask(ine);
    assert_eq!((layout, rows[0].numbers), (StatisticsLayout::IneCsv, NumberStyle::Comma));
    assert_eq!(further(&rows[0]), [("Tipo de contrato", "Indefinido"), ("Tipo de jornada", "Parcial")]);
    assert_eq!(figures(&rows), [("08 Barcelona", "2024T3", "24.440", ""), ("Total Nacional", "2024T2", "..", "")]);
    // Idescat's CSV is not described in design/sources.md: columns as its tables name them.
    let (layout, rows) = ask("Any;Comarca;Sexe;Valor\n2024;Osona;Dones;1.234,5\n");
    assert_eq!((layout, rows[0].numbers), (StatisticsLayout::IdescatCsv, NumberStyle::Comma));
    let (_, rows) = ask("Any,Comarca,Sexe,Valor\n2024,Osona,Dones,1234.5\n");
    assert_eq!((rows[0].numbers, figures(&rows)[0]), (NumberStyle::Point, ("Osona", "2024", "1234.5", "")));
    // The city's own column names.
    let city = "Any,Mes,Codi_Districte,Nom_Districte,Codi_Barri,Nom_Barri,Sexe,Demanda_ocupació,Nombre\n\
        2017,1,1,Ciutat Vella,1,el Raval,Homes,Atur Registrat,2107\n";
    let (layout, rows) = ask(city);
    assert_eq!(layout, StatisticsLayout::Barcelona);
    assert_eq!(figures(&rows), [("Barcelona (city)", "2017-01", "2107", "")]);
    assert_eq!(further(&rows[0]), [("district", "Ciutat Vella"), ("neighbourhood", "el Raval")]);
}
