//! sources.md §7.2, row Workable: `{name,description,jobs:[...]}`, texts only with `details=true` (V, J6, J10; secondary
//! fields and the text of the 404 R).

use super::{Asked, Case, Reply};
use serde_json::Value;

const BOARD: &str = r#"{"name":"Acme Relief","description":"<p>We work in four countries.</p>","jobs":[
 {"title":"Water and Sanitation Engineer","shortcode":"4B1F0C7A21","url":"https://apply.workable.com/j/4B1F0C7A21","department":"Programmes",
  "city":"Hebron","state":"West Bank","country":"Palestine","telecommuting":false,"published_on":"2026-09-01","created_at":"2026-08-28",
  "description":"<p>You plan and supervise <strong>water networks</strong>.</p>\n<ul>\n<li>Degree in civil engineering</li>\n<li>AutoCAD &amp; EPANET</li>\n</ul>"},
 {"title":"منسق/ة مشروع","shortcode":"9C33D1E0F5","url":"https://apply.workable.com/j/9C33D1E0F5","department":"البرامج",
  "city":"رام الله","state":"","country":"Palestine","telecommuting":false,"published_on":"2026-09-03","created_at":"2026-09-02",
  "description":"<p>الإشراف على تنفيذ أنشطة المشروع وإعداد التقارير الشهرية.</p><ul><li>خبرة ثلاث سنوات في إدارة المشاريع</li></ul>"},
 {"title":"Técnico/a de captación de fondos","shortcode":"A07E55B2D8","url":"https://apply.workable.com/j/A07E55B2D8","department":null,
  "city":"Barcelona","state":"Catalonia","country":"Spain","telecommuting":true,"published_on":"2026-09-05","created_at":"2026-09-04",
  "description":"<p>Redactarás propuestas para financiadores públicos y privados.</p><ul><li>Redacción excelente en español y catalán</li></ul>"}
]}"#;

pub fn case() -> Case {
    Case {
        service: "workable",
        kind: "postings",
        base_path: "",
        ask: "board = ['acme-relief']",
        source: "",
        reply,
        questions: 1,
        kept: 3,
        rejected: 0,
        shows: &[
            "Water and Sanitation Engineer",
            "Hebron, West Bank, Palestine",
            "منسق/ة مشروع",
            "رام الله, Palestine",
            "Redactarás propuestas",
            "2026-09-05",
            "Acme Relief",
            "acme-relief/4B1F0C7A21",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    if (asked.method.as_str(), asked.path.as_str()) != ("GET", "/api/v1/widget/accounts/acme-relief") {
        return Reply::new(404, "application/json", r#"{"error":"Not found"}"#);
    }
    if asked.query("details") == Some("true") {
        return Reply::json(BOARD);
    }
    let mut board: Value = serde_json::from_str(BOARD).unwrap();
    for job in board["jobs"].as_array_mut().unwrap() {
        job.as_object_mut().unwrap().remove("description");
    }
    Reply::json(board.to_string())
}
