//! The client: no proxy, no cookies, no redirects of its own, and no connection to a private network.

use super::FetchRules;
use super::address::is_public;
use super::error::FetchError;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// A name that leads nowhere but into a private network.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' leads to an address of a private network, which no source may")]
pub(super) struct PrivateAddress(String);

/// Resolves names to public addresses only, each time anew: a name that changes its mind is caught as well.
struct PublicOnly {
    rules: Arc<FetchRules>,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let allowed = self.rules.allow_private_hosts.iter().any(|h| h.split(':').next() == Some(host.as_str()));
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found.into_iter().filter(|a| allowed || is_public(a.ip())).collect();
            if public.is_empty() {
                return Err(Box::new(PrivateAddress(host)) as Box<dyn std::error::Error + Send + Sync>);
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// A client under the rules; certificates beside the system's are read from the plan's folder.
///
/// # Errors
/// When a certificate cannot be read, or TLS not be set up.
pub(super) fn client(rules: &Arc<FetchRules>, agent: &str, folder: &Path) -> Result<reqwest::Client, String> {
    // Somebody may have installed one before: it is the same.
    drop(rustls::crypto::ring::default_provider().install_default());
    let mut certificates = Vec::new();
    for path in &rules.certificates {
        let bytes = std::fs::read(folder.join(path))
            .map_err(|e| format!("fetch.certificates: cannot read {}: {e}", path.display()))?;
        let wrong = |e: reqwest::Error| format!("fetch.certificates: {} is no PEM file: {e}", path.display());
        certificates.extend(reqwest::Certificate::from_pem_bundle(&bytes).map_err(wrong)?);
    }
    let builder = reqwest::Client::builder()
        .user_agent(agent)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .pool_max_idle_per_host(2)
        .connect_timeout(Duration::try_from_secs_f64(rules.header_seconds).unwrap_or(Duration::MAX))
        .dns_resolver(PublicOnly { rules: Arc::clone(rules) });
    let builder = if certificates.is_empty() { builder } else { builder.tls_certs_merge(certificates) };
    builder.build().map_err(|e| format!("the network cannot be used: {e}"))
}

/// Host of an address that may be asked, in lower case with its port where it is not the usual one.
///
/// # Errors
/// When it is neither http nor https, has no host, holds a password, or names an address of a private network.
pub(super) fn host_of(url: &Url, rules: &FetchRules) -> Result<String, FetchError> {
    if !matches!(url.scheme(), "http" | "https") {
        let problem = format!("leads to '{}:', and only http and https are followed", url.scheme());
        return Err(FetchError::lasting(url.as_str(), problem));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let advice = "would stand in what is kept: leave them out, in a plan out of `ask.base_url`";
        return Err(FetchError::lasting(url.as_str(), format!("holds a user or a password, which {advice}")));
    }
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let address = match url.host() {
        None => return Err(FetchError::lasting(url.as_str(), "names no host")),
        Some(Host::Domain(_)) => None,
        Some(Host::Ipv4(v4)) => Some(v4.into()),
        Some(Host::Ipv6(v6)) => Some(v6.into()),
    };
    if let Some(address) = address.filter(|a| !is_public(*a) && !rules.allows_private(&host, url.port())) {
        return Err(private(url.as_str(), &address.to_string()));
    }
    Ok(url.port().map_or(host.clone(), |port| format!("{host}:{port}")))
}

/// Holds the address that was really connected to against the rules.
///
/// # Errors
/// When it is of a private network.
pub(super) fn connected(url: &Url, address: Option<SocketAddr>, rules: &FetchRules) -> Result<(), FetchError> {
    let host = url.host_str().unwrap_or_default();
    match address {
        Some(at) if !is_public(at.ip()) && !rules.allows_private(host, url.port()) => {
            Err(private(url.as_str(), &at.ip().to_string()))
        }
        _ => Ok(()),
    }
}

fn private(url: &str, address: &str) -> FetchError {
    let advice = "for a mirror of your own, name its host in `fetch.allow_private_hosts`";
    FetchError::lasting(
        url,
        format!("{address} is an address of a private network, which no source may lead to; {advice}"),
    )
}

/// What went wrong with a connection, and whether another try can help: a certificate or a private address stays what it is.
pub(super) fn connection(url: &str, error: &reqwest::Error) -> FetchError {
    let mut words = Vec::new();
    let mut inner: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    let mut lasting = false;
    while let Some(cause) = inner {
        let is_certificate = cause
            .downcast_ref::<rustls::Error>()
            .is_some_and(|e| !matches!(e, rustls::Error::AlertReceived(_) | rustls::Error::General(_)));
        lasting |= is_certificate || cause.is::<PrivateAddress>();
        words.push(cause.to_string());
        inner = match cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(held) => Some(held),
            None => cause.source(),
        };
    }
    words.dedup();
    let said = if words.is_empty() { error.to_string() } else { words.join(": ") };
    let problem = format!("cannot be reached: {}", crate::acquire::error::excerpt(&said));
    if lasting { FetchError::lasting(url, problem) } else { FetchError::passing(url, problem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_user_or_a_password_is_not_asked_and_does_not_show_them() {
        for url in
            ["http://user:SEKRIT@example.org/jobs", "https://SEKRIT@example.org/", "https://:SEKRIT@example.org/"]
        {
            let error = host_of(&Url::parse(url).unwrap(), &FetchRules::default()).unwrap_err();
            let said = error.to_string();
            assert!(!error.passing && said.contains("`ask.base_url`") && !said.contains("SEKRIT"), "{said}");
        }
        let url = Url::parse("https://example.org:8443/jobs").unwrap();
        assert_eq!(host_of(&url, &FetchRules::default()).unwrap(), "example.org:8443");
    }
}
