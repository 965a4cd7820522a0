//! A web server on loopback that answers as an imitation does, or as badly as a fault wants.

use crate::services::{Asked, Reply};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong with an answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This answer instead.
    Instead(Reply),
    /// Content-Length promises the whole, half of it comes.
    CutLength,
    /// A chunk is missing its rest and the end.
    CutChunked,
    /// Half of a gzip stream, its length true.
    CutGzip,
    /// No length, half the body, then the end of the connection.
    CutClosed,
    /// Packed as it says, whole.
    Gzip,
    /// These bytes under this Content-Encoding.
    Packed(&'static str, Vec<u8>),
    /// Nothing, for so long.
    Silence(Duration),
    /// A byte at a time.
    Drip(Duration),
    /// The connection is reset inside the body.
    Reset,
    /// Endless body.
    Endless,
    /// The connection is closed before a header.
    Closed,
}

type Wrong = dyn Fn(&Asked) -> Option<Fault> + Send + Sync;

/// What the server does and has seen.
struct State {
    reply: Box<dyn Fn(&Asked) -> Reply + Send + Sync>,
    wrong: Mutex<Arc<Wrong>>,
    robots: Mutex<Arc<dyn Fn(usize) -> Fault + Send + Sync>>,
    seen: Mutex<Vec<Asked>>,
    robots_seen: Mutex<usize>,
    counts: Mutex<HashMap<String, usize>>,
    connections: Mutex<usize>,
}

/// A running server; it ends with the test process.
#[derive(Clone)]
pub struct Server {
    pub port: u16,
    state: Arc<State>,
}

/// An authority of our own, and what it signs for 127.0.0.1.
pub struct Authority {
    issuer: rcgen::Issuer<'static, rcgen::KeyPair>,
    /// Its certificate, for whoever is to trust it.
    pub pem: String,
}

impl Authority {
    pub fn new() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let pem = parameters.self_signed(&key).unwrap().pem();
        Self { issuer: rcgen::Issuer::new(parameters, key), pem }
    }

    /// A server's certificate that is valid up to the end of a year.
    fn signs(&self, until: i32) -> Arc<rustls::ServerConfig> {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        parameters.not_before = rcgen::date_time_ymd(2020, 1, 1);
        parameters.not_after = rcgen::date_time_ymd(until, 12, 31);
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap())
    }
}

/// A connection, plain or under TLS.
trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

impl Server {
    pub fn start(reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::under(None, reply)
    }

    /// The same under TLS, with a certificate that is valid up to the end of a year.
    pub fn start_tls(by: &Authority, until: i32, reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::under(Some(by.signs(until)), reply)
    }

    fn under(tls: Option<Arc<rustls::ServerConfig>>, reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            reply: Box::new(reply),
            wrong: Mutex::new(Arc::new(|_: &Asked| None)),
            robots: Mutex::new(Arc::new(|_| Fault::Instead(Reply::not_found()))),
            seen: Mutex::default(),
            robots_seen: Mutex::default(),
            counts: Mutex::default(),
            connections: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, tls) = (Arc::clone(&shared), tls.clone());
                // A client that goes away is part of the game.
                std::thread::spawn(move || drop(connection(&state, stream, tls, port)));
            }
        });
        Self { port, state }
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on these questions go wrong.
    pub fn wrong(&self, wrong: impl Fn(&Asked) -> Option<Fault> + Send + Sync + 'static) {
        *self.state.wrong.lock().unwrap() = Arc::new(wrong);
    }

    /// From now on robots.txt is this, by how often it was asked before.
    pub fn robots(&self, robots: impl Fn(usize) -> Fault + Send + Sync + 'static) {
        *self.state.robots.lock().unwrap() = Arc::new(robots);
    }

    /// Questions so far, robots.txt apart.
    pub fn seen(&self) -> Vec<Asked> {
        self.state.seen.lock().unwrap().clone()
    }

    pub fn robots_seen(&self) -> usize {
        *self.state.robots_seen.lock().unwrap()
    }

    pub fn connections(&self) -> usize {
        *self.state.connections.lock().unwrap()
    }

    /// Forgets what it has seen.
    pub fn forget(&self) {
        self.state.seen.lock().unwrap().clear();
        self.state.counts.lock().unwrap().clear();
        *self.state.robots_seen.lock().unwrap() = 0;
    }
}

fn connection(
    state: &State,
    stream: TcpStream,
    tls: Option<Arc<rustls::ServerConfig>>,
    port: u16,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    *state.connections.lock().unwrap() += 1;
    match tls {
        None => serve(state, &mut &stream, port),
        Some(config) => {
            let connection = rustls::ServerConnection::new(config).map_err(std::io::Error::other)?;
            let mut stream = rustls::StreamOwned::new(connection, stream);
            serve(state, &mut stream, port)?;
            stream.conn.send_close_notify();
            stream.flush()
        }
    }
}

fn serve(state: &State, stream: &mut dyn Wire, port: u16) -> std::io::Result<()> {
    let Some(mut asked) = read_question(stream, port)? else { return Ok(()) };
    if asked.path == "/robots.txt" {
        let before = {
            let mut count = state.robots_seen.lock().unwrap();
            *count += 1;
            *count - 1
        };
        let robots = Arc::clone(&state.robots.lock().unwrap());
        return answer(stream, &Reply::not_found(), Some(robots(before)));
    }
    {
        let mut counts = state.counts.lock().unwrap();
        let count = counts.entry(format!("{} {:?} {}", asked.path, asked.query, asked.body)).or_default();
        asked.before = *count;
        *count += 1;
    }
    state.seen.lock().unwrap().push(asked.clone());
    let wrong = Arc::clone(&state.wrong.lock().unwrap());
    let fault = wrong(&asked);
    answer(stream, &(state.reply)(&asked), fault)
}

fn read_question(stream: &mut dyn Wire, port: u16) -> std::io::Result<Option<Asked>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut parts = line.split_whitespace();
    let (method, target) = (parts.next().unwrap_or_default().to_owned(), parts.next().unwrap_or("/").to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length: usize = headers.get("content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name, true), decoded(value, true))
    };
    let query = query.split('&').filter(|p| !p.is_empty()).map(pair).collect();
    let base = format!("http://127.0.0.1:{port}");
    let (path, body) = (decoded(path, false), String::from_utf8_lossy(&body).into_owned());
    Ok(Some(Asked { method, path, query, headers, body, base, before: 0 }))
}

fn decoded(text: &str, plus: bool) -> String {
    let (mut out, mut bytes) = (Vec::new(), text.bytes());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let hex: Vec<u8> = bytes.by_ref().take(2).collect();
                u8::from_str_radix(std::str::from_utf8(&hex).unwrap_or_default(), 16).unwrap_or(b'?')
            }
            b'+' if plus => b' ',
            other => other,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn head(reply: &Reply, length: Option<usize>, more: &[(&str, &str)]) -> String {
    let mut text = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", reply.status);
    if let Some(length) = length {
        text.push_str(&format!("content-length: {length}\r\n"));
    }
    let own = reply.headers.iter().map(|(n, v)| (n.as_str(), v.as_str()));
    for (name, value) in own.chain(more.iter().copied()) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text + "\r\n"
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn answer(stream: &mut dyn Wire, reply: &Reply, fault: Option<Fault>) -> std::io::Result<()> {
    let (body, half) = (&reply.body[..], reply.body.len() / 2);
    let mut say = |head: String, body: &[u8]| -> std::io::Result<()> {
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        stream.flush()
    };
    match fault {
        None => say(head(reply, Some(body.len()), &[]), body),
        Some(Fault::Instead(other)) => say(head(&other, Some(other.body.len()), &[]), &other.body),
        Some(Fault::CutLength) => say(head(reply, Some(body.len()), &[]), &body[..half]),
        Some(Fault::CutClosed) => say(head(reply, None, &[]), &body[..half]),
        Some(Fault::CutChunked) => {
            let begun = format!("{:x}\r\n", body.len());
            say(head(reply, None, &[("transfer-encoding", "chunked")]) + &begun, &body[..half])
        }
        Some(Fault::Gzip) => {
            let packed = gzip(body);
            say(head(reply, Some(packed.len()), &[("content-encoding", "gzip")]), &packed)
        }
        Some(Fault::CutGzip) => {
            let packed = gzip(body);
            let half = &packed[..packed.len() / 2];
            say(head(reply, Some(half.len()), &[("content-encoding", "gzip")]), half)
        }
        Some(Fault::Packed(encoding, bytes)) => {
            say(head(reply, Some(bytes.len()), &[("content-encoding", encoding)]), &bytes)
        }
        Some(Fault::Silence(time)) => {
            std::thread::sleep(time);
            Ok(())
        }
        Some(Fault::Drip(pause)) => {
            say(head(reply, Some(body.len()), &[]), &[])?;
            for byte in body {
                std::thread::sleep(pause);
                stream.write_all(&[*byte])?;
            }
            Ok(())
        }
        Some(Fault::Reset) => {
            // The end comes before the length that was promised.
            say(head(reply, Some(body.len() + 100), &[]), &body[..half])
        }
        Some(Fault::Endless) => {
            say(head(reply, None, &[]), &[])?;
            loop {
                stream.write_all(&[b' '; 65_536])?;
            }
        }
        Some(Fault::Closed) => Ok(()),
    }
}
