//! sources.md §8.5, any site with a sitemap and schema.org Course on its pages: outcomes as texts or terms, alignments with
//! ESCO, instances with workload (V property names, J19). The sitemap protocol, several blocks in a page and blocks that are
//! no JSON are recalled (R).

use super::{Asked, Case, Reply};

const SITEMAP: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc>{base}/ca/cursos/analisi-de-dades</loc><lastmod>2026-07-01</lastmod>
<xhtml:link rel="alternate" hreflang="es" href="{base}/es/cursos/analisis-de-datos"/></url>
<url><loc>{base}/es/cursos/energia-solar</loc><lastmod>2026-06-15T12:00:00+02:00</lastmod></url>
<url><loc>{base}/en/courses/project-basics</loc></url>
<url><loc>{base}/en/courses/withdrawn</loc><lastmod>2026-05-01</lastmod></url>
<url><loc>{base}/en/courses/project-basics/apply</loc></url>
<url><loc>{base}/en/news/open-day</loc><lastmod>2026-07-02</lastmod></url>
</urlset>"#;

/// Outcomes as terms and an alignment with ESCO.
const ANALISI: &str = r#"<!DOCTYPE html><html lang="ca"><head><title>Anàlisi de dades amb Python</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Course","name":"Anàlisi de dades amb Python","courseCode":"MC-101",
"description":"Curs breu per a professionals de l'administració.","inLanguage":"ca",
"provider":{"@type":"CollegeOrUniversity","name":"Universitat d'Exemple","address":{"@type":"PostalAddress","addressCountry":"ES"}},
"teaches":[{"@type":"DefinedTerm","name":"Netejar i combinar taules de dades"},"Presentar resultats amb gràfics"],
"educationalAlignment":{"@type":"AlignmentObject","alignmentType":"teaches","educationalFramework":"ESCO","targetName":"perform data analysis",
"targetUrl":"http://data.europa.eu/esco/skill/2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f"},
"hasCourseInstance":{"@type":"CourseInstance","courseMode":"online","courseWorkload":"PT75H"}}</script>
</head><body><h1>Anàlisi de dades amb Python</h1></body></html>"#;

/// Two courses in a graph; the page has a block that is no JSON as well.
const SOLAR: &str = r#"<!DOCTYPE html><html lang="es"><head><title>Energía solar</title>
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebPage","name":"Energía solar"},
{"@type":"Course","name":"Instalación fotovoltaica","courseCode":"MC-201","inLanguage":"es","provider":{"@type":"Organization","name":"Instituto Ejemplo"},
"numberOfCredits":{"@type":"StructuredValue","value":4,"unitText":"ECTS"},"teaches":"Dimensionar una instalación fotovoltaica",
"hasCourseInstance":[{"@type":"CourseInstance","courseMode":["onsite","blended"],"startDate":"2026-10-05"}]},
{"@type":["Course","LearningResource"],"name":"Mantenimiento de parques solares","courseCode":"MC-202","inLanguage":"es",
"provider":{"@type":"Organization","name":"Instituto Ejemplo"},"teaches":["Detectar puntos calientes con termografía"]}]}</script>
<script type="application/ld+json">{"@type": "WebSite", "name": "Instituto "Ejemplo""}</script>
</head><body><h1>Energía solar</h1></body></html>"#;

/// An item of a list, after a trail of links.
const PROJECT: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Project basics</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1,"name":"Courses"}]}</script>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,
"item":{"@type":"Course","name":"Project basics","url":"{base}/en/courses/project-basics","provider":"Example Polytechnic",
"teaches":"Plan the budget and the risks of a project","educationalLevel":"EQF 5"}}]}</script>
</head><body><h1>Project basics</h1></body></html>"#;

pub fn case() -> Case {
    Case {
        service: "course_site",
        kind: "credentials",
        base_path: "",
        ask: "under = ['/ca/cursos/', '/es/cursos/', '/en/courses/']",
        source: "",
        reply,
        // The sitemap and four pages.
        questions: 5,
        kept: 4,
        // A block that is no JSON, and a course that was withdrawn.
        rejected: 2,
        shows: &[
            "Anàlisi de dades amb Python",
            "Netejar i combinar taules de dades",
            "http://data.europa.eu/esco/skill/2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f",
            "Instalación fotovoltaica",
            "Detectar puntos calientes con termografía",
            "Project basics",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    let filled = |text: &str| text.replace("{base}", &asked.base);
    let page = |text: &str| Reply::new(200, "text/html; charset=utf-8", filled(text));
    match asked.path.as_str() {
        "/sitemap.xml" => Reply::new(200, "application/xml", filled(SITEMAP)),
        "/ca/cursos/analisi-de-dades" => page(ANALISI),
        "/es/cursos/energia-solar" => page(SOLAR),
        "/en/courses/project-basics" => page(PROJECT),
        _ => Reply::new(404, "text/html", "<html><body>Page not found</body></html>"),
    }
}
