//! What a file is when it is no text and no table we read, by its first bytes and its name, and what to do about it.

/// Bytes of a format that is not read.
pub(super) struct Foreign {
    /// `a PDF`
    pub(super) what: &'static str,
    /// What to save it as.
    pub(super) advice: &'static str,
}

const REPACK: &str = "unpack it, or pack its files again as .zip or .tar.gz";
const AS_WORKBOOK: &str = "open it in Excel or LibreOffice and save it as .xlsx (without a password) or CSV";
const AS_TEXT: &str = "save its text as HTML, or its tables as .xlsx or CSV";

/// Formats told by their first bytes; ZIP containers are told by their directory.
pub(super) fn foreign(head: &[u8]) -> Option<Foreign> {
    const KINDS: [(&[u8], &str, &str); 17] = [
        (b"\xD0\xCF\x11\xE0", "an old Excel or Word file (.xls, .doc) or a workbook with a password", AS_WORKBOOK),
        (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "give the archive or the workbook itself to the plan"),
        (b"PAR1", "a Parquet file", "save it as CSV or JSON"),
        (b"%PDF", "a PDF", AS_TEXT),
        (b"{\\rtf", "a rich-text document (.rtf)", AS_TEXT),
        (b"\x1F\x8B", "a gzip inside a gzip", "unpack it once"),
        (b"\x28\xB5\x2F\xFD", "a zstd archive", REPACK),
        (b"\xFD7zXZ", "an xz archive", REPACK),
        (b"7z\xBC\xAF\x27\x1C", "a 7z archive", REPACK),
        (b"Rar!\x1A\x07", "a RAR archive", REPACK),
        (b"BZh9", "a bzip2 archive", REPACK),
        (b"\x89PNG", "an image (PNG)", AS_TEXT),
        (b"\xFF\xD8\xFF", "an image (JPEG)", AS_TEXT),
        (b"GIF8", "an image (GIF)", AS_TEXT),
        (b"SQLite format 3\0", "an SQLite database", "export its tables as CSV"),
        (b"\x7FELF", "a program", "look at where it was obtained"),
        (b"MZ\x90", "a program", "look at where it was obtained"),
    ];
    let found = KINDS.iter().find(|(magic, _, _)| head.starts_with(magic));
    found.map(|(_, what, advice)| Foreign { what, advice })
}

/// Whether a file is one that operating systems leave beside others: it is skipped without a word.
pub fn is_dropping(path: &str) -> bool {
    path.split(['/', '\\']).any(|part| {
        matches!(part, "__MACOSX" | ".DS_Store" | "Thumbs.db" | "desktop.ini" | ".git" | ".gitkeep")
            || part.starts_with("._")
            || part.starts_with("~$")
    })
}

/// What a file among others is, when its name says that it holds no records.
pub(super) fn no_data(path: &str) -> Option<&'static str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let note = ["readme", "license", "licence", "notice", "changelog", "citation", "leeme", "llegiu-me", "llegeix-me"];
    if note.contains(&stem) && matches!(extension, "" | "md" | "txt" | "rst" | "html" | "cff") {
        return Some("a note about the data");
    }
    match extension {
        "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "ico" | "bmp" | "tif" | "tiff" | "avif" => Some("an image"),
        "pdf" => Some("a PDF"),
        "doc" | "docx" | "odt" | "rtf" | "ppt" | "pptx" => Some("a document of a word processor"),
        "css" | "js" | "mjs" | "map" | "woff" | "woff2" | "ttf" | "eot" => Some("a part of a saved page"),
        "mp3" | "mp4" | "avi" | "mov" | "webm" => Some("sound or film"),
        "py" | "r" | "sh" | "ipynb" | "sql" | "exe" | "dll" | "bat" => Some("a program"),
        _ => None,
    }
}
