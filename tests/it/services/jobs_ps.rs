//! sources.md §4.3, §7.8 and §10.1, jobs.ps: feeds by slug with the newest postings and the beginnings of their texts,
//! pages with JSON-LD in `@graph` or mark-up of labels and values, tenders on the same board (V, P8-P9). What an unknown
//! feed and a withdrawn page get, comments and several blocks in a page are recalled (R).

use super::{Asked, Case, Reply};

const GAZA: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Jobs in Gaza</title><link>https://www.jobs.ps/en/jobs/gaza-jobs</link>
<description>Latest jobs in Gaza</description>
<item><title>أخصائي/ة اجتماعي/ة</title><link>{base}/en/jobs/social-worker-67158</link>
<pubDate>Tue, 01 Sep 2026 10:00:00 +0300</pubDate>
<description>تبحث المؤسسة عن أخصائي/ة اجتماعي/ة لتنفيذ جلسات دعم نفسي للأطفال ومقدمي الرعاية...</description></item>
<item><title><![CDATA[Accountant & Office Manager]]></title><link>{base}/en/jobs/accountant-office-manager-67160</link>
<pubDate>Mon, 31 Aug 2026 15:20:00 +0300</pubDate>
<description><![CDATA[<p>Keeps the books in <b>Al-Shamel</b> and prepares the monthly payroll...</p>]]></description></item>
<item><title>Supply of generators</title><link>{base}/en/tenders/supply-of-generators-5120</link>
<pubDate>Mon, 31 Aug 2026 09:00:00 +0300</pubDate><description>Bids are invited for four generators...</description></item>
</channel></rss>"#;

const IT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>IT jobs</title><link>https://www.jobs.ps/en/jobs/it-jobs</link>
<description>Latest IT jobs</description>
<item><title>Laravel Developer</title><link>{base}/en/jobs/laravel-developer-67171</link>
<pubDate>Wed, 02 Sep 2026 08:05:00 +0300</pubDate>
<description>We are looking for a developer with two years of PHP and Laravel, Git and MySQL...</description></item>
<item><title>مصمم/ة جرافيك</title><link>{base}/en/jobs/graphic-designer-67165</link>
<pubDate>Tue, 01 Sep 2026 13:40:00 +0300</pubDate>
<description>مطلوب مصمم/ة جرافيك للعمل في نابلس بخبرة في برنامجي فوتوشوب وإليستريتور...</description></item>
<item><title>IT Support Technician</title><link>{base}/en/jobs/it-support-technician-67101</link>
<pubDate>Sat, 22 Aug 2026 11:00:00 +0300</pubDate>
<description>Helps the users of three branches with hardware, networks and printers...</description></item>
</channel></rss>"#;

const EMPTY: &str = r#"<rss version="2.0"><channel><title>Jobs in Jericho</title>
<link>https://www.jobs.ps/en/jobs/jericho-jobs</link><description/></channel></rss>"#;

/// JSON-LD in a graph beside the site's own node.
const SOCIAL_WORKER: &str = r#"<!DOCTYPE html><html lang="ar"><head><title>أخصائي/ة اجتماعي/ة | jobs.ps</title>
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"jobs.ps"},
{"@type":"JobPosting","title":"أخصائي/ة اجتماعي/ة","datePosted":"2026-09-01","validThrough":"2026-09-15","employmentType":"Full time",
"description":"<p>المهام:</p><ul><li>تنفيذ جلسات دعم نفسي اجتماعي للأطفال</li><li>إعداد تقارير أسبوعية</li></ul>",
"hiringOrganization":{"@type":"Organization","name":"مؤسسة المثال للطفولة"},
"jobLocation":[{"@type":"Place","address":{"@type":"PostalAddress","addressLocality":"Gaza","addressCountry":"Palestine"}}]}]}</script>
</head><body><h1>أخصائي/ة اجتماعي/ة</h1></body></html>"#;

/// Several blocks, one of them a trail of links; a raw line break inside a string; the employer is a text.
const ACCOUNTANT: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Accountant</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1,"name":"Jobs"}]}</script>
<script type="application/ld+json">{"@context":"http://schema.org","@type":["JobPosting"],"title":"Accountant & Office Manager",
"datePosted":"2026-08-31T15:20:00+0300","validThrough":"2026-09-10","description":"Keeps the books in Al-Shamel
and prepares the monthly payroll.","hiringOrganization":"Example Trading Co.","baseSalary":"700 - 900 USD",
"jobLocation":[{"@type":"Place","address":{"addressLocality":"Gaza","addressCountry":"Palestine"}},
{"@type":"Place","address":{"addressLocality":"Khan Yunis","addressCountry":"Palestine"}}]}</script>
</head><body><h1>Accountant &amp; Office Manager</h1></body></html>"#;

/// Escaped description, trailing comma, comment around the JSON.
const LARAVEL: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Laravel Developer</title>
<script type="application/ld+json"><!--
[{"@context":"https://schema.org","@type":"JobPosting","title":"Laravel Developer","datePosted":"2026-09-02","employmentType":["Full time","Remote"],
"description":"&lt;p&gt;Two years of PHP &amp;amp; Laravel, Git and MySQL.&lt;/p&gt;","hiringOrganization":{"name":"Example Soft"},
"identifier":{"@type":"PropertyValue","name":"jobs.ps","value":"67171"},"jobLocationType":"TELECOMMUTE",
"jobLocation":{"@type":"Place","address":{"addressLocality":"Ramallah","addressCountry":"Palestine"}},}]
--></script></head><body><h1>Laravel Developer</h1></body></html>"#;

/// Without JSON-LD: labels and values, then the text.
const DESIGNER: &str = r#"<!DOCTYPE html><html lang="ar"><head><title>مصمم/ة جرافيك</title></head><body>
<header><nav><a href="/">الرئيسية</a> <a href="/ar/jobs/latest">أحدث الوظائف</a></nav></header>
<main><h1>مصمم/ة جرافيك</h1>
<div class="view--detail-item"><span>الشركة</span><span>وكالة المثال للإعلان</span></div>
<div class="view--detail-item"><span>المكان</span><span>نابلس</span></div>
<div class="view--detail-item"><span>آخر موعد للتقديم</span><span>2026-09-12</span></div>
<div class="view--content"><p>مطلوب مصمم أو مصممة جرافيك للعمل بدوام كامل في مدينة نابلس ضمن فريق إبداعي صغير.</p>
<ul><li>خبرة سنتين في برنامجي فوتوشوب وإليستريتور</li><li>القدرة على إعداد الهويات البصرية ومواد التواصل الاجتماعي</li>
<li>الالتزام بالمواعيد والعمل ضمن فريق</li></ul></div></main><footer>jobs.ps</footer></body></html>"#;

pub fn cases() -> Vec<Case> {
    let feeds = Case {
        service: "jobs_ps",
        kind: "postings",
        base_path: "",
        ask: "feed = ['gaza-jobs', 'it-jobs']",
        source: "",
        reply,
        questions: 2,
        kept: 5,
        // A tender is no posting.
        rejected: 1,
        shows: &[
            "أخصائي/ة اجتماعي/ة",
            "Accountant & Office Manager",
            "/en/jobs/laravel-developer-67171",
            "مطلوب مصمم/ة جرافيك للعمل في نابلس",
            "IT Support Technician",
            r#""board":"jobs.ps","source_key":"67158""#,
        ],
    };
    let pages = Case {
        service: "jobs_ps",
        kind: "postings",
        base_path: "",
        ask: "feed = ['gaza-jobs', 'it-jobs', 'jericho-jobs']\ndetails = true",
        source: "",
        reply,
        // Three feeds, one without an item, and five pages; the tender is not asked for.
        questions: 8,
        kept: 4,
        // The technician's page was withdrawn.
        rejected: 1,
        shows: &[
            "مؤسسة المثال للطفولة",
            "تنفيذ جلسات دعم نفسي اجتماعي للأطفال",
            "Gaza, Palestine; Khan Yunis, Palestine",
            "700 - 900 USD",
            "Laravel Developer",
            "خبرة سنتين في برنامجي فوتوشوب وإليستريتور",
            "وكالة المثال للإعلان",
            "2026-09-12",
            // By feed or by page, a posting is the same one.
            r#""board":"jobs.ps","source_key":"67158""#,
            r#""board":"jobs.ps","source_key":"67165""#,
        ],
    };
    vec![feeds, pages]
}

fn reply(asked: &Asked) -> Reply {
    let feed = |text: &str| Reply::new(200, "application/rss+xml; charset=utf-8", text.replace("{base}", &asked.base));
    let page = |text: &str| Reply::new(200, "text/html; charset=utf-8", text);
    if asked.method != "GET" {
        return Reply::new(405, "text/html", "<html><body>Method Not Allowed</body></html>");
    }
    match asked.path.as_str() {
        "/rss/jobs/gaza-jobs" => feed(GAZA),
        "/rss/jobs/it-jobs" => feed(IT),
        "/rss/jobs/jericho-jobs" => feed(EMPTY),
        "/en/jobs/social-worker-67158" => page(SOCIAL_WORKER),
        "/en/jobs/accountant-office-manager-67160" => page(ACCOUNTANT),
        "/en/jobs/laravel-developer-67171" => page(LARAVEL),
        "/en/jobs/graphic-designer-67165" => page(DESIGNER),
        _ => Reply::new(404, "text/html; charset=utf-8", "<html><body><h1>الصفحة غير موجودة</h1></body></html>"),
    }
}
