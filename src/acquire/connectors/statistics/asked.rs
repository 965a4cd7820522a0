//! What a service was asked for, by the address that its answer came from.

/// Names and values of the query, decoded; a file has none. The last of an address that was shortened is left out.
pub(super) fn asked_in(address: &str) -> Vec<(String, String)> {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let query = query.strip_suffix("...").map_or(query, |cut| cut.rsplit_once('&').map_or("", |(whole, _)| whole));
    url::form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_in_their_order_and_a_file_asks_for_nothing() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let address = "rplumber.ilo.org/data/indicator/?id=X&ref_area=PSE+ESP&sex=SEX%5FT";
        assert_eq!(asked_in(address), [pair("id", "X"), pair("ref_area", "PSE ESP"), pair("sex", "SEX_T")]);
        assert_eq!(asked_in("example.org/data?geo=ES&geo=E..."), [pair("geo", "ES")]);
        assert!(asked_in("figures.csv").is_empty());
    }
}
