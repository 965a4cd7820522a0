//! sources.md §6.2 and §10 row 8: latin-1 under `charset=UTF-8`, a banner above the header, stray spaces in the header, `<5`,
//! codes without leading zeros (V, S1 and S2), a footer (possible, V).

use super::{Asked, Case, Reply};

const FOLDER: &str = "/es/portaltrabaja/resources/sede/datos_abiertos/datos/";

const UNEMPLOYED: &[&str] = &[
    "PARO REGISTRADO POR MUNICIPIOS;;;;;;;;;;;;;;;;;;;",
    "Código mes ;mes;Código de CA;Comunidad Autónoma;Codigo Provincia;Provincia;Codigo Municipio; Municipio;\
     total Paro Registrado;Paro hombre edad < 25;Paro hombre edad 25 -45 ;Paro hombre edad >=45;Paro mujer edad < 25;\
     Paro mujer edad 25 -45 ;Paro mujer edad >=45;Paro Agricultura;Paro Industria;Paro Construcción;Paro Servicios;\
     Paro Sin empleo Anterior",
    "202601;Enero de 2026;9;Cataluña;8;Barcelona;8019;Barcelona;48210;2104;8930;13871;1875;8455;12975;412;3920;3105;37241;3532",
    "202601;Enero de 2026;9;Cataluña;8;Barcelona;8001;Abrera;512;20;95;150;18;92;137;<5;80;41;370;17",
    "202601;Enero de 2026;9;Cataluña;17;Girona;17079;Girona;5120;240;980;1330;190;950;1430;96;402;388;3870;364",
    "202601;Enero de 2026;9;Cataluña;17;Girona;17001;Agullana;14;<5;<5;6;0;<5;<5;<5;<5;<5;9;0",
    "202601;Enero de 2026;6;Cantabria;39;Cantabria;39075;Santander;8105;402;1510;2120;350;1498;2225;75;610;540;6420;460",
    "Fuente: Servicio Público de Empleo Estatal;;;;;;;;;;;;;;;;;;;",
];

const CONTRACTS: &[&str] = &[
    ";;;;CONTRATOS POR MUNICIPIOS;;;;;;;;;;;;;;",
    "Código mes ;mes;Código de CA;Comunidad Autónoma;Codigo Provincia;Provincia;Codigo Municipio; Municipio;Total Contratos;\
     Contratos iniciales indefinidos hombres;Contratos iniciales temporales hombres;\
     Contratos convertidos en indefinidos hombres;Contratos iniciales indefinidos mujeres;\
     Contratos iniciales temporales mujeres;Contratos convertidos en indefinidos mujeres;Contratos  Agricultura;\
     Contratos  Industria;Contratos Construcción;Contratos  Servicios",
    "202601;Enero de 2026;9;Cataluña;8;Barcelona;8019;Barcelona;41230;9120;10210;520;9870;11080;430;38;2870;1912;36410",
    "202601;Enero de 2026;10;Comunitat Valenciana;12;Castellón;12040;Castellón de la Plana;1000;210;265;15;220;275;15;60;180;90;670",
];

pub fn case() -> Case {
    Case {
        service: "sepe_municipal",
        kind: "statistics",
        base_path: "",
        ask: "file = ['Paro', 'Contratos']\nyear = 2026",
        source: "",
        reply,
        questions: 2,
        // Unemployed: 12 columns by Cataluña, Barcelona, Girona and Cantabria, which is province and community at once.
        // Contracts: 11 columns by Cataluña, Barcelona, Comunitat Valenciana and Castellón.
        kept: 92,
        rejected: 0,
        shows: &["48722", "53856", "8105", "2026-01", "construccion", "contratos convertidos en indefinidos"],
    }
}

fn reply(asked: &Asked) -> Reply {
    let lines = match (asked.method.as_str(), asked.path.strip_prefix(FOLDER)) {
        ("GET", Some("Paro_por_municipios_2026_csv.csv")) => UNEMPLOYED,
        ("GET", Some("Contratos_por_municipios_2026_csv.csv")) => CONTRACTS,
        _ => return Reply::new(404, "text/html;charset=UTF-8", "<html><body><h1>No encontrado</h1></body></html>"),
    };
    let text = lines.iter().map(|line| format!("{line}\r\n")).collect::<String>();
    let latin = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    Reply::new(200, "text/csv;charset=UTF-8", latin)
}
