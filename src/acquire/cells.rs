//! What a cell of a spreadsheet shows instead of a value.

/// Text of a cell whose formula was never calculated: the file holds no value for it.
pub(super) const NOT_CALCULATED: &str = "#NOT CALCULATED!";

/// Why a cell of a spreadsheet has no value, when it shows one of its errors.
pub(super) fn cell_error(text: &str) -> Option<&'static str> {
    match text.trim() {
        NOT_CALCULATED => Some("a formula without a stored value: open the file in Excel or LibreOffice and save it"),
        "#REF!" | "#VALUE!" | "#NAME?" | "#DIV/0!" | "#NULL!" | "#NUM!" | "#SPILL!" | "#CALC!" | "#GETTING_DATA" => {
            Some("an error of the spreadsheet")
        }
        _ => None,
    }
}
