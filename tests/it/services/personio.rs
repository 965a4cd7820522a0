//! sources.md §7.2, row Personio: XML, a description in parts with CDATA, the language of the texts by a parameter (V, J6,
//! J10; names of elements R). That a text may be missing in a language is recalled (R).

use super::{Asked, Case, Reply};

const ENGLISH: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<workzag-jobs>
  <position>
    <id>1034501</id><office>Barcelona</office><department>IT &amp; Data</department><name>Data Analyst</name>
    <jobDescriptions>
      <jobDescription><name>Your role</name><value><![CDATA[<p>You report on sales in Power BI.</p>
        <ul><li>Model data in SQL &amp; dbt</li></ul>]]></value></jobDescription>
      <jobDescription><name>Your profile</name><value><![CDATA[<ul><li>Two years of experience</li></ul>]]></value></jobDescription>
    </jobDescriptions>
  </position>
  <position>
    <id>1034502</id><office>Palma</office><department>Hospitality</department><name>Head Chef</name>
    <jobDescriptions>
      <jobDescription><name>Your role</name><value><![CDATA[<p>You run a kitchen of nine and write the menu.</p>]]></value></jobDescription>
    </jobDescriptions>
  </position>
  <position>
    <id>1034503</id><office>Girona</office><department>Maintenance</department><name>Electrician</name>
    <jobDescriptions>
      <jobDescription><name>Your role</name><value><![CDATA[<p>You maintain low-voltage installations.</p>]]></value></jobDescription>
    </jobDescriptions>
  </position>
</workzag-jobs>"#;

/// The third has not been translated.
const SPANISH: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<workzag-jobs>
  <position>
    <id>1034501</id><office>Barcelona</office><department>IT &amp; Data</department><name>Analista de datos</name>
    <jobDescriptions>
      <jobDescription><name>Tus funciones</name><value><![CDATA[<p>Elaborarás informes de ventas en Power BI.</p>
        <ul><li>Modelado de datos en SQL y dbt</li></ul>]]></value></jobDescription>
      <jobDescription><name>Tu perfil</name><value><![CDATA[<ul><li>Dos años de experiencia</li></ul>]]></value></jobDescription>
    </jobDescriptions>
  </position>
  <position>
    <id>1034502</id><office>Palma</office><department>Hospitality</department><name>Jefe/a de cocina</name>
    <jobDescriptions>
      <jobDescription><name>Tus funciones</name><value><![CDATA[<p>Dirigirás una cocina de nueve personas y elaborarás la carta.</p>]]></value></jobDescription>
    </jobDescriptions>
  </position>
  <position>
    <id>1034503</id><office>Girona</office><department>Maintenance</department><name>Electricista</name>
    <jobDescriptions></jobDescriptions>
  </position>
</workzag-jobs>"#;

pub fn cases() -> Vec<Case> {
    let english = Case {
        service: "personio",
        kind: "postings",
        base_path: "/{board}",
        ask: "board = ['acme']",
        source: "",
        reply,
        questions: 1,
        kept: 3,
        rejected: 0,
        shows: &["Data Analyst", "Two years of experience", "You run a kitchen of nine", "Girona", "acme/1034501"],
    };
    let spanish = Case {
        ask: "board = ['acme']\nlanguage = 'es'",
        kept: 2,
        rejected: 1,
        shows: &["Analista de datos", "Dos años de experiencia", "Dirigirás una cocina", "Palma"],
        ..english
    };
    vec![english, spanish]
}

fn reply(asked: &Asked) -> Reply {
    match (asked.method.as_str(), asked.path.as_str(), asked.query("language")) {
        ("GET", "/acme/xml", Some("es")) => Reply::new(200, "text/xml; charset=UTF-8", SPANISH),
        ("GET", "/acme/xml", _) => Reply::new(200, "text/xml; charset=UTF-8", ENGLISH),
        _ => Reply::new(404, "text/html; charset=UTF-8", "<!doctype html><html><body>404</body></html>"),
    }
}
