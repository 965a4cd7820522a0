//! sources.md §7.8, §0.2 rule 12 and §10 row 21, any site with a sitemap and schema.org JobPosting on its pages:
//! `@graph`, arrays, escaped descriptions, `+0000`, free texts of salaries and countries by name (V, J19-J23, P9); several
//! blocks, raw line breaks, CDATA and the sitemap protocol are recalled (R). A page may lose its mark-up (V, J21).

use super::{Asked, Case, Reply};

/// The last sitemap is of another host, which a site cannot speak for; the one before has not changed for long.
const INDEX: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{base}/sitemaps/ofertas-1.xml.gz</loc><lastmod>2026-09-03T04:00:00+00:00</lastmod></sitemap>
<sitemap><loc>{base}/sitemaps/ofertas-2.xml</loc></sitemap>
<sitemap><loc>{base}/sitemaps/paginas.xml</loc><lastmod>2026-01-10</lastmod></sitemap>
<sitemap><loc>https://jobs.elsewhere.example/sitemap.xml</loc><lastmod>2026-09-03</lastmod></sitemap>
</sitemapindex>"#;

const FIRST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>{base}/ofertas/tecnic-dades-1001</loc><lastmod>2026-09-02T18:00:00+02:00</lastmod>
<image:image><image:loc>{base}/logo.png</image:loc></image:image></url>
<url><loc>{base}/ofertas/enfermera-uci-1002?origen=mapa&amp;idioma=es</loc><lastmod>2026-09-01</lastmod></url>
<url><loc>{base}/ofertas/enfermera-uci-1002/apply</loc><lastmod>2026-09-01</lastmod></url>
<url><loc>{base}/empresa/quienes-somos</loc><lastmod>2026-09-01</lastmod></url>
<url><loc>{base}/login</loc></url>
<url><loc>https://jobs.elsewhere.example/ofertas/1003</loc><lastmod>2026-09-01</lastmod></url>
</urlset>"#;

const SECOND: &str = r#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>
  {base}/ofertas/data-analyst-1004
</loc><lastmod>2026-08</lastmod><changefreq>daily</changefreq><priority>0.8</priority></url>
<url><loc>{base}/ofertas/accountant-1005</loc></url>
<url><loc>{base}/ofertas/gone-1006</loc><lastmod>2026-08-15</lastmod></url>
<url><loc>{base}/ofertas/closed-1007</loc><lastmod>2026-08-10</lastmod></url>
<url><loc>{base}/ofertas/cocinero-0900</loc><lastmod>2025-11-30T09:00:00Z</lastmod></url>
</urlset>"#;

/// A list at the top, the posting second; Catalan.
const TECNIC: &str = r#"<!DOCTYPE html><html lang="ca"><head><title>Tècnic/a de dades</title>
<script type="application/ld+json">[{"@context":"https://schema.org","@type":"Organization","name":"Dades Exemple SL"},
{"@context":"https://schema.org","@type":"JobPosting","title":"Tècnic/a de dades","datePosted":"2026-09-02","validThrough":"2026-09-30",
"description":"<p>Mantindràs els fluxos de dades i prepararàs informes.</p><ul><li>Domini de Python i SQL</li><li>Català i castellà</li></ul>",
"hiringOrganization":{"@type":"Organization","name":"Dades Exemple SL"},"employmentType":"FULL_TIME",
"identifier":{"@type":"PropertyValue","name":"Dades Exemple","value":1001},"url":"{base}/ofertas/tecnic-dades-1001",
"jobLocation":{"@type":"Place","address":{"@type":"PostalAddress","addressLocality":"Girona","addressRegion":"Catalunya","addressCountry":"ES"}}}]</script>
</head><body><h1>Tècnic/a de dades</h1></body></html>"#;

/// Description escaped once, offset without colon, salary as a text inside a value; Spanish.
const ENFERMERA: &str = r#"<!DOCTYPE html><html lang="es"><head><title>Enfermera/o UCI</title>
<script type="application/ld+json">{"@context":"http://schema.org","@type":"JobPosting","title":"Enfermera/o de cuidados intensivos",
"datePosted":"2026-09-01T08:50:17+0000","validThrough":"2026-09-20T23:59:59+0000","industry":"Healthcare",
"description":"&lt;p&gt;Incorporación inmediata en la UCI.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Monitorización de pacientes &amp;amp; ventilación mecánica&lt;/li&gt;&lt;/ul&gt;",
"hiringOrganization":"Hospital Ejemplo","identifier":"1002",
"baseSalary":{"@type":"MonetaryAmount","currency":"EUR","value":{"@type":"QuantitativeValue","minValue":"28000","maxValue":"32000","unitText":"YEAR"}},
"jobLocation":[{"@type":"Place","address":{"addressLocality":"Tarragona","postalCode":"43005","addressCountry":"España"},
"geo":{"latitude":"41.1189","longitude":"1.2445"}}]}</script>
</head><body><h1>Enfermera/o UCI</h1></body></html>"#;

/// Several blocks, one of which is no JSON; the posting is in a graph; English.
const ANALYST: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Data analyst</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1,"name":"Ofertas"}]}</script>
<script type="application/ld+json">{"@type": "WebPage", "name": "Data "analyst""}</script>
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebPage","name":"Data analyst"},
{"@type":["JobPosting","Intangible"],"title":"Data analyst","datePosted":"2026-08-12","description":"You build dashboards in Power BI and explain them to non-specialists.",
"hiringOrganization":[{"@type":"Organization","name":"Example Retail"}],"jobLocationType":"TELECOMMUTE",
"applicantLocationRequirements":{"@type":"Country","name":"Spain"},"employmentType":["FULL_TIME","TEMPORARY"],
"identifier":{"@type":"PropertyValue","value":"1004"},"baseSalary":"negotiable"}]}</script>
</head><body><h1>Data analyst</h1></body></html>"#;

/// A raw line break and a tab inside a string, CDATA around it; Arabic.
const ACCOUNTANT: &str = "<!DOCTYPE html><html lang=\"ar\"><head><title>محاسب/ة</title>\n\
<script type=\"application/ld+json\">//<![CDATA[\n\
{\"@context\":\"https://schema.org\",\"@type\":\"JobPosting\",\"title\":\"محاسب/ة\",\"datePosted\":\"2026-08-20\",\
\"description\":\"مسك الدفاتر المحاسبية.\nإعداد كشوف الرواتب\tوالتقارير الضريبية.\",\"hiringOrganization\":{\"name\":\"شركة المثال\"},\
\"identifier\":\"1005\",\"jobLocation\":{\"@type\":\"Place\",\"address\":{\"addressLocality\":\"Ramallah\",\"addressCountry\":\"Palestine\"}}}\n\
//]]></script></head><body><h1>محاسب/ة</h1></body></html>";

/// The posting has closed: its text is still there for people, the mark-up was removed.
const CLOSED: &str = r#"<!DOCTYPE html><html lang="es"><head><title>Camarero/a</title></head><body><main><h1>Camarero/a</h1>
<p>Esta oferta se ha cerrado. Buscábamos una persona para servir mesas en un restaurante de Sitges, con experiencia en sala,
inglés fluido y disponibilidad los fines de semana durante toda la temporada de verano.</p></main></body></html>"#;

pub fn cases() -> Vec<Case> {
    let whole = Case {
        service: "site",
        kind: "postings",
        base_path: "",
        ask: "under = '/ofertas/'\nsince = '2026-08-01'",
        source: "",
        reply,
        // The index, two of its sitemaps, and six pages.
        questions: 9,
        kept: 4,
        // 1006 is gone, 1007 carries no posting.
        rejected: 2,
        shows: &[
            "Tècnic/a de dades",
            "Girona, Catalunya, ES",
            "Enfermera/o de cuidados intensivos",
            "28000-32000 EUR YEAR",
            "Data analyst",
            "negotiable",
            "محاسب/ة",
            "شركة المثال",
        ],
    };
    let newest = Case {
        service: "site",
        kind: "postings",
        base_path: "",
        ask: "sitemap = ['sitemaps/ofertas-1.xml.gz', '/sitemaps/ofertas-2.xml']\nunder = ['/ofertas/']\nmost = 3",
        source: "",
        reply,
        // Both sitemaps, two pages of the first and the newest of the second, which is gone.
        questions: 5,
        kept: 2,
        rejected: 1,
        shows: &["Domini de Python i SQL", "Hospital Ejemplo"],
    };
    vec![whole, newest]
}

fn reply(asked: &Asked) -> Reply {
    let filled = |text: &str| text.replace("{base}", &asked.base);
    let map = |text: &str| Reply::new(200, "application/xml", filled(text));
    let page = |text: &str| Reply::new(200, "text/html; charset=utf-8", filled(text));
    match asked.path.as_str() {
        "/sitemap.xml" => map(INDEX),
        // Packed as a file: no header says so.
        "/sitemaps/ofertas-1.xml.gz" => Reply::new(200, "application/x-gzip", packed(filled(FIRST).as_bytes())),
        "/sitemaps/ofertas-2.xml" => map(SECOND),
        "/ofertas/tecnic-dades-1001" => page(TECNIC),
        "/ofertas/enfermera-uci-1002" if asked.query("idioma") == Some("es") => page(ENFERMERA),
        "/ofertas/data-analyst-1004" => page(ANALYST),
        "/ofertas/accountant-1005" => page(ACCOUNTANT),
        "/ofertas/closed-1007" => page(CLOSED),
        "/ofertas/gone-1006" => Reply::new(410, "text/html", "<html><body>Esta oferta ya no existe</body></html>"),
        _ => Reply::not_found(),
    }
}

/// A gzip file (RFC 1952) whose one block is stored as it is.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let mut out = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(bytes);
    out.extend(crc32(bytes).to_le_bytes());
    out.extend(u32::from(length).to_le_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    };
    !bytes.iter().fold(!0, step)
}
