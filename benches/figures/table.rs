//! Markdown tables and the numbers in them.

/// A table: the first column is text, the others are figures.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut out = line(&header.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>());
    let rule = header.iter().enumerate().map(|(at, _)| if at == 0 { "---" } else { "--:" });
    out.push_str(&line(&rule.map(str::to_owned).collect::<Vec<_>>()));
    rows.iter().for_each(|row| out.push_str(&line(row)));
    out
}

/// `part / whole` as a percentage; a dash when there is no whole.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1} %", 100.0 * part as f64 / whole as f64) }
}
