//! From files on a disk to a plan that runs, and what is said about plans, files and this machine.

use crate::support::{expect, root, run, skillgap, small_world, stderr, stdout};
use std::path::Path;

const LONG_ES: &str = "Buscamos una persona con experiencia en gestión de proyectos y manejo de Excel para nuestro equipo de trabajo en la oficina.";
const LONG_AR: &str =
    "نبحث عن موظف لديه خبرة في إدارة المشاريع واستخدام برنامج إكسل والعمل ضمن فريق في مكتبنا الرئيسي في المدينة";
const LONG_CA: &str = "Busquem una persona amb experiència en gestió de projectes i coneixements de comptabilitat per al nostre equip de treball.";
const LONG_EN: &str =
    "We are looking for a colleague with experience in project management and accounting who enjoys working in a team.";

/// Spanish, `;`, windows-1252, day first.
fn spanish(path: &Path) {
    let mut text = "Título de la oferta;Empresa;Municipio;Fecha de publicación;Enlace;Descripción\r\n".to_owned();
    for day in 1..=28 {
        let title = ["Técnico de administración", "Contable", "Jefa de obra"][day % 3];
        text.push_str(&format!(
            "{title} {day};Compañía {};Girona;{day:02}/03/2024;https://example.org/o/{day};{LONG_ES} Oferta número {day}.\r\n",
            day % 7
        ));
    }
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    std::fs::write(path, bytes).unwrap();
}

/// Arabic, with a byte-order mark.
fn arabic(path: &Path) {
    let mut text = "\u{feff}المسمى الوظيفي,اسم الشركة,المدينة,تاريخ النشر,الوصف الوظيفي,ملاحظات\n".to_owned();
    for day in 1..=28 {
        text.push_str(&format!("محاسب أول {day},شركة {},رام الله,2024-02-{day:02},{LONG_AR} رقم {day},\n", day % 6));
    }
    std::fs::write(path, text).unwrap();
}

/// Catalan workbook with a title above its header.
fn catalan(path: &Path) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Ofertes de feina del municipi").unwrap();
    let header =
        ["Codi", "Títol de l'oferta", "Nom de l'empresa", "Localitat", "Data de publicació", "Descripció del lloc"];
    for (column, name) in (0_u16..).zip(header) {
        sheet.write(2, column, name).unwrap();
    }
    for row in 1..=28_u32 {
        let cells = [
            format!("FA{row}"),
            format!("Tècnic comptable {row}"),
            format!("Cooperativa {}", row % 6),
            "Girona".to_owned(),
            format!("{row:02}/01/2024"),
            format!("{LONG_CA} Lloc {row}."),
        ];
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write(row + 2, column, cell).unwrap();
        }
    }
    book.save(path).unwrap();
}

/// English JSON lines with nested objects.
fn english(path: &Path) {
    let lines: Vec<String> = (1..=28)
        .map(|day| {
            serde_json::json!({
                "jobId": format!("J-{day}"), "jobTitle": format!("Project accountant {day}"),
                "company": { "name": format!("Firm {}", day % 6) }, "city": "Ramallah",
                "postedAt": format!("2024-04-{day:02}T08:00:00Z"), "jobDescription": format!("{LONG_EN} Post {day}."),
            })
            .to_string()
        })
        .collect();
    std::fs::write(path, lines.join("\n")).unwrap();
}

#[test]
fn files_in_four_languages_and_four_formats_become_a_plan_that_check_and_run_accept() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    spanish(&at("ofertas.csv"));
    arabic(&at("wazaif.csv"));
    catalan(&at("ofertes.xlsx"));
    english(&at("jobs.jsonl"));
    let plan = at("plan.toml");
    let data = at("data");
    std::fs::create_dir_all(&data).unwrap();
    let init = skillgap()
        .arg("init")
        .args([at("ofertas.csv"), at("wazaif.csv"), at("ofertes.xlsx"), at("jobs.jsonl")])
        .arg(root().join("data/samples/credentials.csv"))
        .arg(root().join("data/samples/statistics/worldbank_pse_esp.csv"))
        .args(["--taxonomy", "data/reference", "--output"])
        .arg(&plan)
        .output()
        .unwrap();
    expect(&init, 0);
    let text = std::fs::read_to_string(&plan).unwrap();
    for (field, column) in [
        ("title", "Título de la oferta"),
        ("employer", "Empresa"),
        ("place", "Municipio"),
        ("posted_on", "Fecha de publicación"),
        ("url", "Enlace"),
        ("body", "Descripción"),
        ("title", "المسمى الوظيفي"),
        ("employer", "اسم الشركة"),
        ("place", "المدينة"),
        ("posted_on", "تاريخ النشر"),
        ("body", "الوصف الوظيفي"),
        ("id", "Codi"),
        ("title", "Títol de l'oferta"),
        ("employer", "Nom de l'empresa"),
        ("place", "Localitat"),
        ("posted_on", "Data de publicació"),
        ("body", "Descripció del lloc"),
        ("id", "jobId"),
        ("title", "jobTitle"),
        ("employer", "company.name"),
        ("place", "city"),
        ("posted_on", "postedAt"),
        ("body", "jobDescription"),
    ] {
        assert!(
            text.lines().any(|l| l.starts_with(&format!("{field} = \"{column}\""))),
            "{field} = {column} in\n{text}"
        );
    }
    assert!(
        text.contains("as_of = \"2024-04-28\"") && text.contains("windows-1252") && text.contains("parted by ';'"),
        "{text}"
    );
    assert!(text.contains("#   ملاحظات"), "an empty column without a known name is listed: {text}");
    assert!(
        text.contains("kind = \"statistics\"") && text.contains("language = \"ar\"") && text.contains("area = \"PS\""),
        "{text}"
    );
    let check = skillgap().arg("check").arg(&plan).args(["--skip", "credentials-have-outcomes"]).output().unwrap();
    expect(&check, 0);
    assert_eq!(stdout(&check).matches("28 of 28 could be read").count(), 4, "{}", stdout(&check));
    expect(&skillgap().arg("run").arg(&plan).arg("--data-dir").arg(&data).output().unwrap(), 0);
    let again = skillgap().arg("init").arg(at("ofertas.csv")).arg("--output").arg(&plan).output().unwrap();
    expect(&again, 2);
    assert!(stderr(&again).contains("--force"), "{}", stderr(&again));
    assert_eq!(std::fs::read_to_string(&plan).unwrap(), text, "an existing plan is left as it is");
}

#[test]
fn a_plan_that_lacks_a_catalogue_or_a_column_is_written_with_a_todo_and_said_aloud() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("postings.csv");
    std::fs::write(&file, "empresa;fecha;salario\nA;01/02/2024;1000\nB;02/02/2024;2000\n").unwrap();
    let plan = folder.path().join("plan.toml");
    let output = skillgap().args(["init", "--postings"]).arg(&file).arg("--output").arg(&plan).output().unwrap();
    expect(&output, 2);
    assert!(stdout(&output).contains("CANNOT RUN YET"), "{}", stdout(&output));
    let text = std::fs::read_to_string(&plan).unwrap();
    assert!(
        text.contains("# TODO title = ") && text.contains("# TODO a run needs at least one source of micro-cred"),
        "{text}"
    );
}

#[test]
fn check_names_file_row_and_next_step_of_what_would_be_lost_and_fails_on_a_named_check() {
    let world = small_world(30);
    let postings = world.folder.path().join("postings.jsonl");
    let mut text = std::fs::read_to_string(&postings).unwrap();
    text.push_str("\n{\"id\":\"x\",\"title\":\"\",\"text\":\"something\"}\n");
    std::fs::write(&postings, text).unwrap();
    let check = |more: &[&str]| skillgap().arg("check").arg(&world.plan).args(more).output().unwrap();
    let sound = check(&["--skip", "credentials-have-outcomes"]);
    expect(&sound, 0);
    let said = stdout(&sound);
    assert!(said.contains("postings.jsonl row 31: `title` is empty") && said.contains("next: "), "{said}");
    let plan = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, plan.replace("as_of = '2026-07-01'", "as_of = '2023-01-01'")).unwrap();
    let late = check(&["--skip", "credentials-have-outcomes"]);
    expect(&late, 1);
    assert!(stdout(&late).contains("FAIL  as-of-after-postings"), "{}", stdout(&late));
    let unknown = check(&["--skip", "label-unique"]);
    expect(&unknown, 2);
    assert!(stderr(&unknown).contains("did you mean 'labels-unique'?"), "{}", stderr(&unknown));
    std::fs::write(&postings, "<html>log in</html>").unwrap();
    expect(&check(&[]), 3);
    assert!(!world.folder.path().join("data/build").exists(), "check writes nothing");
}

#[test]
fn the_starter_taxonomy_passes_its_own_named_checks() {
    let world = small_world(5);
    let output = skillgap().arg("check").arg(&world.plan).args(["--json", "--rows", "5"]).output().unwrap();
    let told: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let failed: Vec<_> = told["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| c["problem_count"] != 0)
        .map(|c| format!("{} ({}): {}", c["name"], c["problem_count"], c["examples"]))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn doctor_is_well_in_a_sound_place_and_ends_with_5_where_a_source_is_missing() {
    let world = small_world(5);
    let data = world.folder.path();
    let sound = skillgap().arg("doctor").arg(&world.plan).arg("--data-dir").arg(data).output().unwrap();
    expect(&sound, 0);
    assert!(
        stdout(&sound).contains("can be written") && stdout(&sound).contains("starter taxonomy"),
        "{}",
        stdout(&sound)
    );
    std::fs::remove_file(data.join("postings.jsonl")).unwrap();
    let broken = skillgap().arg("doctor").arg(&world.plan).arg("--data-dir").arg(data).output().unwrap();
    expect(&broken, 5);
    assert!(stdout(&broken).contains("postings.jsonl") && stdout(&broken).contains("next: "), "{}", stdout(&broken));
}

#[test]
fn sources_ls_lists_formats_and_the_sources_of_a_plan_with_what_the_last_run_kept() {
    let formats = run(&["sources", "ls"]);
    expect(&formats, 0);
    for word in ["ilostat", "job_posting", "workbook", "esco", "not yet"] {
        assert!(stdout(&formats).contains(word), "{word} in\n{}", stdout(&formats));
    }
    let rows = stdout(&run(&["sources", "ls", "--json"]));
    for row in serde_json::from_str::<Vec<serde_json::Value>>(&rows).unwrap() {
        assert!(row["publisher"].as_str().is_some_and(|p| !p.is_empty()), "{row} has no row in formats.csv");
    }
    let world = small_world(40);
    let data = world.folder.path().join("data");
    let ls =
        || stdout(&skillgap().args(["sources", "ls"]).arg(&world.plan).arg("--data-dir").arg(&data).output().unwrap());
    assert!(ls().contains("not run yet"), "{}", ls());
    expect(&skillgap().arg("acquire").arg(&world.plan).arg("--data-dir").arg(&data).output().unwrap(), 0);
    assert!(ls().lines().any(|l| l.starts_with("boards") && l.contains("40")), "{}", ls());
}

#[test]
fn archives_of_pages_and_module_guides_need_no_mapping() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<html><head><title>Fuster/a</title><script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\
        \"@type\":\"JobPosting\",\"title\":\"Fuster/a\",\"description\":\"Muntatge de mobles i carnet de conduir\",\
        \"datePosted\":\"2024-05-02\"}</script></head><body><h1>Fuster/a</h1></body></html>";
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_size(page.len() as u64);
    archive.append_data(&mut header, "pages/1.html", page.as_bytes()).unwrap();
    let bytes = archive.into_inner().unwrap().finish().unwrap();
    std::fs::write(folder.path().join("pages.tar.gz"), bytes).unwrap();
    let guide = "# Bases de dades\n\n## Resultats d'aprenentatge\n\n- Dissenya bases de dades relacionals\n- Consulta dades amb SQL\n";
    std::fs::write(folder.path().join("guia.md"), guide).unwrap();
    let plan = folder.path().join("plan.toml");
    let files = ["pages.tar.gz", "guia.md"].map(|name| folder.path().join(name));
    let init = skillgap().arg("init").args(&files).arg("--output").arg(&plan).output().unwrap();
    expect(&init, 0);
    let text = std::fs::read_to_string(&plan).unwrap();
    assert!(text.contains("kind = \"postings\"") && text.contains("kind = \"credentials\""), "{text}");
    expect(&skillgap().arg("check").arg(&plan).output().unwrap(), 0);
}

#[test]
fn shells_and_man_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        expect(&script, 0);
        assert!(stdout(&script).contains("doctor") && stdout(&script).contains("init"), "{shell}");
    }
    let folder = tempfile::tempdir().unwrap();
    expect(&skillgap().args(["man", "--output"]).arg(folder.path()).output().unwrap(), 0);
    let page = std::fs::read_to_string(folder.path().join("skillgap-init.1")).unwrap();
    assert!(page.contains("commented plan") && folder.path().join("skillgap-sources-ls.1").exists(), "{page}");
    let wrong = run(&["chek", "plan.toml"]);
    expect(&wrong, 2);
    assert!(stderr(&wrong).contains("check"), "{}", stderr(&wrong));
}

/// A file, and for each of our fields the columns it is made of.
type Mapping = (&'static str, &'static [(&'static str, &'static [&'static str])]);

/// Real files mapped by hand.
const BY_HAND: [Mapping; 7] = [
    (
        "es_tecnoempleo/tecnoempleo_ofertas_nov.csv",
        &[
            ("title", &["Título"]),
            ("body", &["Descripción"]),
            ("employer", &["Empresa"]),
            ("place", &["Ubicación"]),
            ("posted_on", &["Fecha publicación"]),
            ("url", &["Enlace"]),
            ("salary", &["Salario"]),
        ],
    ),
    (
        "ar_jadarat/jadarat.csv",
        &[
            ("title", &["job_title"]),
            ("body", &["job_desc", "job_tasks"]),
            ("employer", &["comp_name"]),
            ("place", &["city", "region"]),
            ("posted_on", &["job_date"]),
            ("id", &["job_post_id"]),
            ("sector", &["eco_activity"]),
        ],
    ),
    (
        "es_eures_dev/ofertasDescriptive_2025-10.csv",
        &[
            ("title", &["titulo"]),
            ("body", &["descripcion"]),
            ("employer", &["empresa"]),
            ("place", &["region", "pais"]),
            ("posted_on", &["fecha_publicacion"]),
            ("url", &["url"]),
            ("occupation", &["ocupacion"]),
            ("closes_on", &["fecha_limite"]),
        ],
    ),
    (
        "ca_es_eures_catalunya/eures_catalunya.csv.gz",
        &[
            ("title", &["ocupacion"]),
            ("body", &["descripcion"]),
            ("place", &["provincia"]),
            ("posted_on", &["timestamp"]),
            ("id", &["id"]),
            ("occupation", &["ocupacion"]),
        ],
    ),
    (
        "es_empleate_sepe/offers_2018-11-03.csv",
        &[
            ("title", &["titulo"]),
            ("body", &["contenido"]),
            ("employer", &["creador"]),
            ("place", &["ciudadF", "provinciaF", "comunidadF", "paisF"]),
            ("posted_on", &["fechaCreacion"]),
            ("id", &["id"]),
            ("url", &["url"]),
            ("salary", &["salarioMin", "salarioMax"]),
        ],
    ),
    (
        "ar_bayt/result.csv",
        &[
            ("title", &["Job Title"]),
            ("body", &["Job Description"]),
            ("employer", &["Company Name"]),
            ("place", &["Company Location"]),
            ("salary", &["Expected Salary"]),
        ],
    ),
    (
        "ca_feina_activa/FA_search_2024-06-04.json",
        &[
            ("title", &["job_description"]),
            ("body", &["description"]),
            ("employer", &["business"]),
            ("place", &["location"]),
            ("posted_on", &["time_post"]),
            ("url", &["job_url"]),
        ],
    ),
];

#[test]
fn real_files_are_mapped_as_by_hand() {
    let Some(shared) = crate::real::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for (file, by_hand) in BY_HAND {
        let plan = folder.path().join("plan.toml");
        let path = shared.join("postings").join(file);
        let output = skillgap().args(["init", "--json", "--force", "--output"]).arg(&plan).arg(&path).output().unwrap();
        let told: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let fields = told["sources"][0]["columns"]["fields"].as_array().unwrap();
        for (field, columns) in by_hand {
            all += 1;
            let found = fields.iter().find(|f| f["field"] == *field).map(|f| f["columns"].clone());
            if found == Some(serde_json::json!(columns)) {
                right += 1;
            } else {
                wrong.push(format!("{file}: {field} = {found:?}, by hand {columns:?}"));
            }
        }
    }
    println!("init maps {right} of {all} fields as by hand");
    assert!(right * 100 >= all * 95, "{right} of {all}:\n{}", wrong.join("\n"));
    let nhs = shared.join("postings/en_nhs_jsonld");
    let output = skillgap()
        .args(["init", "--json", "--force", "--output"])
        .arg(folder.path().join("n.toml"))
        .arg(nhs)
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(
        (&told["sources"][0]["read"], &told["sources"][0]["format"]),
        (&14_842.into(), &"schema.org JobPosting".into())
    );
}
