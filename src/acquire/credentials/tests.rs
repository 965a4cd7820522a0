use super::*;
use crate::acquire::{ColumnRule, Limits};
use crate::types::{Reject, SnapshotId, SourceId};
use std::io::Write;

struct Read {
    format: CredentialFormat,
    kept: Vec<RawCredential>,
    rejects: Vec<Reject>,
}

fn read_with(name: &str, text: &[u8], columns: &Columns, language: Option<Lang>) -> Result<Read, AcquireError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::File::create(&path).unwrap().write_all(text).unwrap();
    let input = Input {
        source: SourceId::new("s").unwrap(),
        snapshot: SnapshotId("0".into()),
        file: name.into(),
        limits: Limits::default(),
        before: 0,
    };
    let (mut kept, mut rejects) = (Vec::new(), Vec::new());
    let format = read_credentials(&path, &input, CredentialAsk { columns, language }, &mut |record| match record {
        Record::Kept((_, credential)) => kept.push(credential),
        Record::Rejected(reject) => rejects.push(reject),
    })?;
    Ok(Read { format, kept, rejects })
}

fn read(name: &str, text: &str) -> Read {
    read_with(name, text.as_bytes(), &Columns::new(), None).unwrap()
}

#[track_caller]
fn expect(credential: &RawCredential, fields: &[(&str, &str)]) {
    for (name, value) in fields {
        assert_eq!(credential.fields.get(*name).map(String::as_str), Some(*value), "{name} of {credential:#?}");
    }
}

/// Shaped like the official samples; the person is nobody.
const ISSUED: &str = r##"{
  "@context": ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"],
  "id": "urn:credential:0f0f", "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
  "displayParameter": {"primaryLanguage": {"id": "http://publications.europa.eu/resource/authority/language/SPA"},
    "individualDisplay": {"image": {"content": "aGVsbG8="}}},
  "issuer": {"id": "urn:o:2", "legalName": {"en": "Sealing service"}},
  "issuanceDate": "2026-03-04T10:00:00Z",
  "credentialSubject": {
    "id": "urn:p:1", "type": "Person", "fullName": {"en": "Quintiliana Zzyzx"}, "dateOfBirth": "1999-10-01T22:00:00Z",
    "nationalID": {"notation": "X-SECRET-1"}, "contactPoint": {"emailAddress": {"id": "mailto:qz@example.org"}},
    "hasClaim": [
      {"type": "LearningActivity", "title": {"en": "not this"}},
      {"id": "urn:a:1", "type": "LearningAchievement", "title": {"en": "Claim"},
       "awardedBy": {"awardingBody": ["urn:o:1"], "awardingDate": "2026-03-01"},
       "provenBy": {"type": "LearningAssessment", "grade": {"noteLiteral": {"en": "GRADE-A"}},
         "idVerification": {"prefLabel": {"en": "Supervised with ID verification"}},
         "specifiedBy": {"type": "LearningAssessmentSpecification", "title": {"en": "Portfolio"}}},
       "specifiedBy": {"id": "urn:q:1", "type": "Qualification",
         "title": {"en": "Digital content", "es": "Contenido digital"},
         "eqfLevel": {"id": "http://data.europa.eu/snb/eqf/6", "prefLabel": {"en": "Level 6"}},
         "nqfLevel": [{"id": "http://data.europa.eu/snb/qdr/c_1", "prefLabel": {"en": "MECES 2"}}],
         "creditPoint": [{"framework": {"id": "http://data.europa.eu/snb/education-credit/60b314e826"}, "point": "9"},
                         {"framework": {"id": "http://data.europa.eu/snb/education-credit/6fcec5c5af"}, "point": "2"}],
         "volumeOfLearning": "PT60H", "mode": {"id": "http://data.europa.eu/snb/learning-assessment/e92d221e4d"},
         "language": [{"id": "http://publications.europa.eu/resource/authority/language/CAT"}],
         "entryRequirement": {"noteLiteral": {"en": "An account"}},
         "learningOutcome": [
           {"title": {"en": "Develop content"},
            "relatedESCOSkill": {"id": "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a",
                                 "prefLabel": {"en": "develop digital content"}}},
           {"title": {"en": "Learning Outcome 2"}, "description": {"en": "Publish it"},
            "relatedESCOSkill": [{"id": "urn:x:fake", "prefLabel": {"en": "Blockchain"}}]}]},
       "hasPart": [{"type": "LearningAchievement", "title": {"en": "A part"}, "specifiedBy": {"title": {"en": "A part"}}}]}
    ]},
  "evidence": {"awardingBody": {"id": "urn:o:1", "legalName": {"en": "University of Zed"},
    "location": {"address": {"countryCode": {"id": "http://publications.europa.eu/resource/authority/country/ESP"}}}}}
}"##;

#[test]
fn an_issued_elm_credential_gives_what_is_taught_and_nothing_of_the_learner() {
    let got = read("c.jsonld", ISSUED);
    assert_eq!((got.format, got.kept.len(), got.rejects.len()), (CredentialFormat::Elm, 2, 0));
    expect(
        &got.kept[0],
        &[
            ("title", "Contenido digital"),
            ("language", "es"),
            ("provider", "University of Zed"),
            ("country", "ESP"),
            ("ects", "2"),
            ("workload_hours", "PT60H"),
            ("eqf_level", "6"),
            ("nqf_level", "MECES 2"),
            ("participation", "Blended"),
            ("delivery_languages", "ca"),
            ("prerequisites", "An account"),
            ("assessment", "Portfolio"),
            ("supervision", "Supervised with ID verification"),
            ("issued_on", "2026-03-01"),
            ("learner_identified", "yes"),
            ("outcomes", "Develop content|Publish it"),
            (
                "declared_skills",
                "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a develop digital content\nurn:x:fake Blockchain",
            ),
        ],
    );
    expect(&got.kept[1], &[("title", "A part"), ("stacks_into", "Contenido digital")]);
    let all = serde_json::to_string(&got.kept).unwrap();
    for private in ["Quintiliana", "1999", "SECRET", "qz@", "GRADE", "urn:credential", "aGVsbG8"] {
        assert!(!all.contains(private), "{private} in {all}");
    }
}

#[test]
fn signed_credentials_are_opened_in_both_forms_and_two_copies_have_one_id() {
    let payload = serde_json::to_string(ISSUED).unwrap();
    let json = format!(r#"{{"payload": {payload}, "signatures": [{{"signature": "x"}}]}}"#);
    let (plain, signed) = (read("a.jsonld", ISSUED), read("b.jsonld", &json));
    assert_eq!(plain.kept, signed.kept);
    let other = ISSUED.replace("urn:credential:0f0f", "urn:credential:1e1e").replace("Quintiliana", "Other");
    assert_eq!(read("c.jsonld", &other).kept[0].id, plain.kept[0].id);
    // {"alg":"none"}.{"vc":{"type":["AchievementCredential"],"credentialSubject":{"achievement":{"name":"Badge"}}}}
    let token = "eyJhbGciOiJub25lIn0.eyJ2YyI6eyJ0eXBlIjpbIkFjaGlldmVtZW50Q3JlZGVudGlhbCJdLCJjcmVkZW50aWFsU3ViamVjdCI6eyJhY2hpZXZlbWVudCI6eyJuYW1lIjoiQmFkZ2UifX19fQ.";
    let badge = read("b.jwt", token);
    assert_eq!(badge.format, CredentialFormat::OpenBadge);
    expect(&badge.kept[0], &[("title", "Badge")]);
    let cut = read_with("h.jwt", b"eyJhbGciOiJub25lIn0", &Columns::new(), None).err().unwrap().to_string();
    assert!(cut.contains("h.jwt") && cut.contains("without its payload"), "{cut}");
}

#[test]
fn a_presentation_and_a_catalogue_of_specifications_give_each_of_theirs() {
    let held = format!(r#"{{"type": ["VerifiablePresentation"], "verifiableCredential": [{ISSUED}, {ISSUED}]}}"#);
    assert_eq!(read("p.json", &held).kept.len(), 4);
    let catalogue = r#"{"@context": "http://data.europa.eu/snb/model/context/edc-ap", "@graph": [
      {"id": "http://x.org/o1", "type": "LearningOutcome", "title": {"ca": "Crear continguts"}},
      {"id": "http://x.org/s1", "type": "LearningAchievementSpecification", "title": {"ca": "Continguts"},
       "learningOutcome": "http://x.org/o1", "isPartOf": {"id": "http://x.org/s2"}},
      {"id": "http://x.org/s2", "type": "Qualification", "title": {"ca": "Diploma"}}]}"#;
    let got = read("s.jsonld", catalogue);
    assert_eq!(got.kept.len(), 2);
    assert_eq!(got.kept[0].id, "http://x.org/s1");
    expect(&got.kept[0], &[("outcomes", "Crear continguts"), ("stacks_into", "Diploma"), ("language", "ca")]);
}

#[test]
fn loq_joins_specifications_outcomes_and_providers_by_reference() {
    let xml = r#"<?xml version="1.0"?><Courses xmlns="http://data.europa.eu/snb/model/ap/loq-constraints/" xmlns:skos="s">
      <learningOpportunityReferences>
        <learningOpportunity id="http://L1"><title language="en">Edition</title><providedBy idref="http://O1"/>
          <learningAchievementSpecification idref="http://S1"/></learningOpportunity>
        <learningOpportunity id="http://L2"><title language="en">Alone</title></learningOpportunity>
      </learningOpportunityReferences>
      <learningAchievementSpecificationReferences><qualification id="http://S1">
        <title language="en">Irrigation</title><title language="es">Riego</title>
        <volumeOfLearning>PT50H</volumeOfLearning><EQFLevel uri="http://data.europa.eu/snb/eqf/5"/>
        <creditPoint><framework uri="http://data.europa.eu/snb/education-credit/6fcec5c5af"/><point>2</point></creditPoint>
        <mode uri="http://data.europa.eu/snb/learning-assessment/920fbb3cbe"/>
        <learningOutcome idref="http://LO1"/><learningOutcome idref="http://LO2"/>
        <provenBy idref="http://A1"/><accreditation idref="http://Q1"/></qualification>
      </learningAchievementSpecificationReferences>
      <learningOutcomeReferences>
        <learningOutcome id="http://LO1"><title language="en">Plan a network</title>
          <relatedESCOSkill uri="http://data.europa.eu/esco/skill/f10142ce-d522-49c3-9fd1-054fb63529d4">
          <skos:prefLabel language="en">plan irrigation</skos:prefLabel></relatedESCOSkill></learningOutcome>
        <learningOutcome id="http://LO2"><title language="en">Repair it</title></learningOutcome>
      </learningOutcomeReferences>
      <learningAssessmentSpecificationReferences><learningAssessmentSpecification id="http://A1">
        <title language="en">Field work</title></learningAssessmentSpecification></learningAssessmentSpecificationReferences>
      <agentReferences><organisation id="http://O1"><legalName language="en">Farm school</legalName>
        <location idref="http://P1"/></organisation></agentReferences>
      <accreditationReferences><accreditation id="http://Q1"><title language="en">Agency</title></accreditation></accreditationReferences>
      <locationReferences><location id="http://P1"><address>
        <countryCode uri="http://publications.europa.eu/resource/authority/country/PSE"/></address></location></locationReferences>
    </Courses>"#;
    let got = read("l.xml", xml);
    assert_eq!((got.format, got.kept.len()), (CredentialFormat::Loq, 2));
    expect(
        &got.kept[0],
        &[
            ("title", "Irrigation"),
            ("provider", "Farm school"),
            ("country", "PSE"),
            ("eqf_level", "5"),
            ("ects", "2"),
            ("participation", "Online"),
            ("assessment", "Field work"),
            ("quality_assurance", "Agency"),
            ("outcomes", "Plan a network|Repair it"),
        ],
    );
    assert_eq!(got.kept[1].fields["title"], "Alone");
    let spanish = read_with("l.xml", xml.as_bytes(), &Columns::new(), Some(Lang::Es)).unwrap();
    assert_eq!(spanish.kept[0].fields["title"], "Riego");
    let other = read_with("o.xml", b"<?xml version='1.0'?><invoice/>", &Columns::new(), None).err().unwrap();
    assert!(other.to_string().contains("<invoice>"), "{other}");
}

#[test]
fn europass_xml_gives_every_achievement_and_no_person() {
    let xml = r#"<vp:verifiablePresentation xmlns="http://data.europa.eu/snb" xmlns:vp="v" xmlns:cred="c">
      <europassCredential cred:id="urn:credential:1"><primaryLanguage>ca</primaryLanguage>
      <cred:issued>2022-02-28T21:18:16+01:00</cred:issued><cred:issuer idref="urn:org:1"/>
      <credentialSubject id="urn:p:1"><fullName><text lang="en">Quintiliana Zzyzx</text></fullName>
        <dateOfBirth>1999-10-02</dateOfBirth><achievements><learningAchievement id="urn:a:1">
          <title><text lang="en">Diploma</text></title><specifiedBy idref="urn:q:1"/>
          <hasPart><learningAchievement id="urn:a:2"><title><text lang="en">Course</text></title>
            <specifiedBy idref="urn:q:2"/></learningAchievement></hasPart></learningAchievement></achievements>
      </credentialSubject>
      <learningSpecificationReferences><qualification id="urn:q:1"><title><text lang="en">Diploma</text></title>
        <hasECTSCreditPoints>30</hasECTSCreditPoints></qualification><qualification id="urn:q:2">
        <title><text lang="en">Course</text><text lang="ca">Curs</text></title>
        <learningOutcomes><learningOutcome idref="urn:lo:1"/></learningOutcomes></qualification>
      </learningSpecificationReferences><learningOutcomeReferences><learningOutcome id="urn:lo:1">
        <prefLabel><text lang="en">Draw plans</text></prefLabel><description><text lang="en">Draw
          plans of a house</text></description></learningOutcome></learningOutcomeReferences>
      <agentReferences><organization id="urn:org:1"><prefLabel><text lang="en">School</text></prefLabel></organization>
      </agentReferences></europassCredential></vp:verifiablePresentation>"#;
    let got = read("e.xml", xml);
    assert_eq!((got.format, got.kept.len()), (CredentialFormat::EuropassXml, 2));
    expect(
        &got.kept[0],
        &[("title", "Diploma"), ("ects", "30"), ("provider", "School"), ("learner_identified", "yes")],
    );
    let part = [("title", "Curs"), ("stacks_into", "Diploma"), ("outcomes", "Draw plans of a house")];
    expect(&got.kept[1], &part);
    let all = serde_json::to_string(&got.kept).unwrap();
    assert!(!all.contains("Quintiliana") && !all.contains("1999"), "{all}");
}

#[test]
fn ooapi_courses_come_alone_in_lists_or_pages_and_an_offering_needs_its_course() {
    let course = r#"{"courseId": "c-1", "name": [{"language": "nl-NL", "value": "Naam"}, {"language": "en-GB", "value": "Name"}],
      "learningOutcomes": [[{"language": "en-GB", "value": "Explain A"}], [{"language": "en-GB", "value": "Apply B"}]],
      "studyLoad": {"studyLoadUnit": "ects", "value": 5}, "level": "master", "modeOfDelivery": ["online", "hybrid"],
      "teachingLanguage": "eng", "assessment": [{"language": "en-GB", "value": "Exam"}], "link": "https://x.org/1"}"#;
    let offering = format!(
        r#"{{"offeringId": "o-1", "enrolledNumberStudents": 58, "maxNumberStudents": 60, "course": {course}}}"#
    );
    let bare = r#"{"offeringId": "o-2", "name": [{"language": "en-GB", "value": "Quarter"}]}"#;
    let got = read("o.json", &format!(r#"{{"pageSize": 3, "items": [{course}, {offering}, {bare}]}}"#));
    assert_eq!((got.format, got.kept.len(), got.rejects.len()), (CredentialFormat::Ooapi, 2, 1));
    assert!(got.rejects[0].detail.contains("without its course"), "{}", got.rejects[0].detail);
    let fields = [
        ("title", "Name"),
        ("language", "en"),
        ("ects", "5"),
        ("cycle", "2"),
        ("participation", "online\nhybrid"),
        ("assessment", "Exam"),
        ("delivery_languages", "en"),
        ("outcomes", "Explain A|Apply B"),
    ];
    expect(&got.kept[0], &fields);
    expect(&got.kept[1], &[("enrolments", "58"), ("places", "60"), ("title", "Name")]);
    assert_eq!(read("l.json", &format!("[{course}]")).kept[0], got.kept[0]);
}

#[test]
fn badges_of_both_versions_say_what_they_are_aligned_with() {
    let three = r#"{"type": ["VerifiableCredential", "OpenBadgeCredential"], "awardedDate": "2026-01-12T07:04:19Z",
      "credentialSubject": {"type": ["AchievementSubject"], "identifier": [{"identityHash": "sha256$ba91"}], "achievement": {
        "id": "urn:a:1", "type": ["Achievement"], "name": "Data", "creditsAvailable": 5,
        "criteria": {"narrative": "Pass the project"}, "creator": {"type": ["Profile"], "name": "Netlab"},
        "alignment": {"type": ["Alignment"], "targetName": "Analyse test data",
          "targetUrl": "http://data.europa.eu/esco/skill/81a2db2c-7e55-44d0-9cd9-74c25147d7cd"}}}}"#;
    let got = read("b.json", three);
    let fields = [
        ("title", "Data"),
        ("ects", "5"),
        ("assessment", "Pass the project"),
        ("provider", "Netlab"),
        ("outcomes", "Analyse test data"),
        ("issued_on", "2026-01-12T07:04:19Z"),
        ("learner_identified", "yes"),
    ];
    expect(&got.kept[0], &fields);
    assert!(!serde_json::to_string(&got.kept).unwrap().contains("ba91"));
    let two = r#"{"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "id": "https://x.org/b", "name": "Old",
      "criteria": "https://x.org/c", "alignment": [{"targetName": "Weld", "targetUrl": "https://x.org/w"}]}"#;
    let got = read("b2.json", two);
    assert_eq!((got.format, got.kept[0].id.as_str()), (CredentialFormat::OpenBadge, "https://x.org/b"));
    assert!(!got.kept[0].fields.contains_key("learner_identified") && !got.kept[0].fields.contains_key("assessment"));
}

/// schema.org property names: design/sources.md:556 (V).
const COURSE: &str = r#"{"@context": "https://schema.org", "@type": ["Course", "LearningResource"], "courseCode": "W-1",
  "name": "Welding", "inLanguage": "es", "provider": {"@type": "Organization", "name": "Taller",
  "address": {"addressCountry": "ES"}}, "teaches": ["Soldar tubos", {"@type": "DefinedTerm", "name": "Leer planos"}],
  "timeRequired": "PT40H", "numberOfCredits": {"@type": "StructuredValue", "value": 1.5, "unitText": "ECTS"},
  "coursePrerequisites": "Ninguno previo", "hasCourseInstance": [{"courseMode": ["onsite"], "maximumAttendeeCapacity": 12}],
  "educationalAlignment": {"alignmentType": "teaches", "educationalFramework": "ESCO", "targetName": "weld pipes",
  "targetUrl": "http://data.europa.eu/esco/skill/00000000-0000-0000-0000-000000000001"}}"#;

#[test]
fn a_schema_org_course_is_read_from_json_and_from_a_page() {
    let page = format!(
        "<!DOCTYPE html><html><head><script type=\"application/ld+json\">{{\"@graph\": [{COURSE}]}}</script>\
         <script type='application/ld+json'>{{broken</script></head><body>x</body></html>"
    );
    let (json, html) = (read("c.json", COURSE), read("c.html", &page));
    assert_eq!((html.format, html.kept.len(), html.rejects.len()), (CredentialFormat::SchemaCourse, 1, 1));
    assert_eq!(json.kept, html.kept);
    let fields = [
        ("title", "Welding"),
        ("ects", "1.5"),
        ("workload_hours", "PT40H"),
        ("participation", "onsite"),
        ("places", "12"),
        ("country", "ES"),
        ("outcomes", "Soldar tubos|Leer planos"),
    ];
    expect(&json.kept[0], &fields);
    let login = read_with("p.html", b"<html><body>Log in</body></html>", &Columns::new(), None).err().unwrap();
    assert!(login.to_string().contains("login or error page"), "{login}");
}

#[test]
fn module_guides_give_title_outcomes_and_credits_in_four_languages() {
    let table = "---\ntitle: Guia Didàctica.\\newline \nsubtitle: Bases de dades \\newline Curs 2025-26\nlang: ca\n---\n\n\
        # Presentació\n\nDurada: 132 hores. 4 hores setmanals.\n\n# Objectius. Resultats d'aprenentatge\n\nSón:\n\n\
        | RA1 | Dissenya bases de dades. |\n| RA2\t| Consulta dades |amb SQL. |\n\n# Continguts\n\n* Taules\n";
    let got = read("g.md", table);
    assert_eq!(got.format, CredentialFormat::ModuleGuide);
    let fields = [
        ("title", "Bases de dades"),
        ("language", "ca"),
        ("workload_hours", "132"),
        ("outcomes", "Dissenya bases de dades.|Consulta dades amb SQL."),
    ];
    expect(&got.kept[0], &fields);
    let lists = [
        (
            "# Networks\n\n6 ECTS\n\n## Learning outcomes\n\n1. Configure *a* router\n   - detail\n2. Test it\n\n## Other\n\n- no\n",
            "Configure a router|Test it",
        ),
        (
            "# Redes\n\nCréditos: 6 ECTS\n\n## Resultados de aprendizaje\n\n### RA1. Configura redes\n\ntexto\n\n### RA2. Las prueba\n",
            "Configura redes|Las prueba",
        ),
        ("# الشبكات\n\n6 ECTS\n\n## مخرجات التعلم\n\n- يهيئ الشبكة\n- يختبرها\n", "يهيئ الشبكة|يختبرها"),
        (
            "Networks\n========\n\n6 ECTS\n\nIntended outcomes\n---\n\n| Code | Outcome |\n|---|---|\n| LO1 | Configure |\n| LO2 | Test |\n",
            "Configure|Test",
        ),
    ];
    for (text, outcomes) in lists {
        expect(&read("g.md", text).kept[0], &[("outcomes", outcomes), ("ects", "6")]);
    }
}

#[test]
fn plain_json_is_mapped_by_the_plan_and_a_map_of_records_keeps_its_keys_as_ids() {
    let map = r#"{"CS1": {"title": "برمجة", "desc": "وصف", "by": {"name": "جامعة"}}, "CS2": {"title": "خوارزميات", "desc": "وصف"}}"#;
    let column = |name: &str| ColumnRule::Column(name.to_owned());
    let columns: Columns = [
        ("description".to_owned(), column("desc")),
        ("provider".to_owned(), column("by.name")),
        ("country".to_owned(), ColumnRule::Constant { r#const: "SA".to_owned() }),
    ]
    .into();
    let got = read_with("m.json", map.as_bytes(), &columns, None).unwrap();
    assert_eq!((got.format, got.kept.len(), got.kept[0].id.as_str()), (CredentialFormat::Json, 2, "CS1"));
    expect(&got.kept[0], &[("description", "وصف"), ("provider", "جامعة"), ("country", "SA")]);
    let wrong: Columns = [("description".to_owned(), column("descr"))].into();
    let error = read_with("m.json", map.as_bytes(), &wrong, None).err().unwrap().to_string();
    assert!(error.contains("did you mean 'desc'"), "{error}");
    let lines = "{\"title\": \"A\", \"learning_outcomes\": [\"x\", \"y\"]}\n{\"title\": 1\n{\"title\": \"B\"}\n";
    let got = read("l.jsonl", lines);
    assert_eq!((got.kept.len(), got.rejects.len()), (2, 1));
    expect(&got.kept[0], &[("outcomes", "x\ny")]);
}

#[test]
fn headers_in_four_languages_are_understood_and_the_template_has_every_column() {
    let csv = "Codi;TÍTOL;Resultats d’aprenentatge;Crèdits ECTS;مخرجات التعلم\nA1;Dades;Analitza dades|Dibuixa gràfics;4,5;\n";
    let got = read("c.csv", csv);
    assert_eq!((got.format, got.kept[0].id.as_str()), (CredentialFormat::Csv, "A1"));
    expect(&got.kept[0], &[("title", "Dades"), ("ects", "4,5"), ("outcomes", "Analitza dades|Dibuixa gràfics")]);
    let arabic = read("a.csv", "العنوان,مخرجات التعلم\nالبيانات,يحلل البيانات\n");
    expect(&arabic.kept[0], &[("title", "البيانات"), ("outcomes", "يحلل البيانات")]);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/templates");
    let template = std::fs::read(folder.join("credentials.csv")).unwrap();
    let header = String::from_utf8_lossy(&template).lines().next().unwrap().to_owned();
    let ours = CREDENTIAL.fields.iter().filter_map(|names| names.first()).filter(|name| **name != "learner_identified");
    let mut expected: Vec<&str> = ours.copied().collect();
    let mut columns: Vec<&str> = header.split(',').collect();
    expected.sort_unstable();
    columns.sort_unstable();
    assert_eq!(columns, expected);
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    assert!(expected.iter().all(|column| readme.contains(&format!("| `{column}` |"))));
    let workbook = std::fs::read(folder.join("credentials.xlsx")).unwrap();
    let (from_csv, from_book) = (
        read_with("c.csv", &template, &Columns::new(), None).unwrap(),
        read_with("c.xlsx", &workbook, &Columns::new(), None).unwrap(),
    );
    assert_eq!(from_book.format, CredentialFormat::Workbook);
    assert_eq!(from_csv.kept, from_book.kept);
}

#[test]
fn what_is_no_catalogue_is_refused_or_rejected_in_words() {
    let turtle = read_with("t.ttl", b"# x\n@prefix a: <http://a/> .\n", &Columns::new(), None).err().unwrap();
    assert!(turtle.to_string().contains("Turtle"), "{turtle}");
    let mapped: Columns = [("title".to_owned(), ColumnRule::Column("t".to_owned()))].into();
    let guide = read_with("g.md", b"# A\n", &mapped, None).err().unwrap();
    assert!(guide.to_string().contains("no columns to map"), "{guide}");
    let got = read("n.json", r#"[{"title": {"type": 3}}, [1], 7, {"title": "A"}]"#);
    assert_eq!((got.kept.len(), got.rejects.len()), (1, 3));
    let form = read("f.json", r#"{"fullName": {"en": "Nobody"}, "title": {"en": "Written Exam"}}"#);
    assert!(form.kept.is_empty() && form.rejects[0].detail.contains("names a person"));
    let cut = format!("Name,City\n{}", "Zo\u{eb},\u{d1}and\u{fa}\n".repeat(6_000));
    let named = read_with("u.csv", cut.as_bytes(), &Columns::new(), None).unwrap();
    assert_eq!(named.kept.len(), 6_000, "a head that ends inside a letter is still recognised");
    for text in ["{", "[{", "{\"type\": \"EuropeanDigitalCredential\"}", "---\n", "#", "<", "<html", "eyJ", "[]"] {
        let _ = read_with("x", text.as_bytes(), &Columns::new(), None);
    }
}

#[test]
fn what_is_no_record_in_a_list_of_courses_is_a_counted_reject_and_the_courses_stay() {
    let course = |id: u8| {
        format!(
            r#"{{"courseId": "{id}", "name": [{{"language": "en", "value": "Soil {id}"}}],
            "learningOutcomes": [[{{"language": "en", "value": "Read a soil map"}}]]}}"#
        )
    };
    let got = read("c.json", &format!(r#"{{"items": [{}, null, "x", [], {}]}}"#, course(1), course(2)));
    assert_eq!((got.kept.len(), got.rejects.len()), (2, 3), "{:?}", got.rejects);
}
