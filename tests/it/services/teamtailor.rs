//! sources.md §7.2, row Teamtailor: RSS 2.0 with an extension for places, often on a domain of the employer's own (V, J6,
//! J10); the names of the extension's elements are recalled (R).

use super::{Asked, Case, Reply};

const FEED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:tt="https://teamtailor.com/locations" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>Acme Studio</title><link>https://acme.teamtailor.com</link><description>Jobs at Acme Studio</description>
    <atom:link href="https://acme.teamtailor.com/jobs.rss" rel="self" type="application/rss+xml"/>
    <item>
      <title>UX Designer</title>
      <description>&lt;p&gt;You design booking flows &amp;amp; test them with users.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Figma&lt;/li&gt;&lt;/ul&gt;</description>
      <pubDate>Wed, 02 Sep 2026 10:31:07 +0200</pubDate><link>https://acme.teamtailor.com/jobs/5100001-ux-designer</link>
      <guid isPermaLink="false">0f6ab0a3-5c2c-4f7b-9a41-d5a2a8d1c001</guid>
      <tt:locations><tt:location><tt:name>Barcelona HQ</tt:name><tt:city>Barcelona</tt:city><tt:country>Spain</tt:country></tt:location></tt:locations>
      <tt:department>Design</tt:department>
    </item>
    <item>
      <title>Técnico/a de sonido</title>
      <description><![CDATA[<p>Grabarás y mezclarás programas de radio.</p><p>Se valora el manejo de Pro Tools.</p>]]></description>
      <pubDate>Fri, 04 Sep 2026 00:15:00 +0200</pubDate><link>https://acme.teamtailor.com/jobs/5100002-tecnico-a-de-sonido</link>
      <guid isPermaLink="false">0f6ab0a3-5c2c-4f7b-9a41-d5a2a8d1c002</guid>
      <tt:locations>
        <tt:location><tt:city>Madrid</tt:city><tt:country>Spain</tt:country></tt:location>
        <tt:location><tt:city>Granada</tt:city><tt:country>Spain</tt:country></tt:location>
      </tt:locations>
    </item>
    <item>
      <title>Redactor/a de continguts</title>
      <description><![CDATA[<p>Escriuràs guions i butlletins en català.</p>]]></description>
      <pubDate>Mon, 07 Sep 2026 09:00:00 +0200</pubDate><link>https://acme.teamtailor.com/jobs/5100003-redactor-a-de-continguts</link>
      <guid isPermaLink="false">0f6ab0a3-5c2c-4f7b-9a41-d5a2a8d1c003</guid>
      <tt:locations/>
    </item>
  </channel>
</rss>"#;

pub fn cases() -> Vec<Case> {
    // The second is a site with a domain of its own: no name of a board in its address.
    ["/{board}", ""].into_iter().map(case).collect()
}

fn case(base_path: &'static str) -> Case {
    Case {
        service: "teamtailor",
        kind: "postings",
        base_path,
        ask: "board = ['acme']",
        source: "",
        reply,
        questions: 1,
        kept: 3,
        rejected: 0,
        shows: &[
            "UX Designer",
            "Barcelona, Spain",
            "Madrid, Spain; Granada, Spain",
            "Grabarás y mezclarás programas de radio",
            "2026-09-04",
            "Escriuràs guions",
            "https://acme.teamtailor.com/jobs/5100003-redactor-a-de-continguts",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/acme/jobs.rss" | "/jobs.rss") => Reply::new(200, "application/rss+xml; charset=utf-8", FEED),
        _ => Reply::new(404, "text/html; charset=utf-8", "<!doctype html><html><body>Not found</body></html>"),
    }
}
