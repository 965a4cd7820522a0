//! Columns of text on a terminal.

use unicode_segmentation::UnicodeSegmentation;

/// Lines of cells padded to the widest of their column; the last column is left as it is.
pub fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let width = |text: &str| text.graphemes(true).count();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widest: Vec<usize> = (0..columns)
        .map(|c| rows.iter().filter_map(|r| r.get(c)).map(|t| width(t)).max().unwrap_or_default())
        .collect();
    let line = |row: &Vec<String>| {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            line.push_str(cell);
            if at + 1 < row.len() {
                let gap = widest.get(at).copied().unwrap_or_default() + 2 - width(cell);
                line.extend(std::iter::repeat_n(' ', gap));
            }
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// `95 %` of a whole; `-` of nothing. Only all is 100 % and only none is 0 %.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let share = part as f64 * 100.0 / whole as f64;
    match share.round() {
        100.0 if part < whole => ">99 %".to_owned(),
        0.0 if part > 0 => "<1 %".to_owned(),
        rounded => format!("{rounded} %"),
    }
}

/// `1 row`, `2 rows`.
pub fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {one}s", thousands(count)) }
}

/// `14,842`
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn almost_all_is_not_all_and_almost_none_is_not_none() {
        let shown = [percent(999, 1000), percent(1, 1000), percent(3, 3), percent(0, 3), percent(0, 0)];
        assert_eq!(shown, [">99 %", "<1 %", "100 %", "0 %", "-"]);
        assert_eq!((thousands(14842), counted(1, "row")), ("14,842".to_owned(), "1 row".to_owned()));
    }
}
