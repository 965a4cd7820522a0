//! Scratch space on disk for what a stage needs again but need not hold in memory. It has no name and vanishes with the
//! process, so a crash leaves nothing behind.

use super::{StoreError, io_error};
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

/// Where a run of numbers lies in a [`Spill`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpillRange {
    /// First number.
    pub start: u64,
    /// How many.
    pub length: u32,
}

/// An unnamed temporary file of `u32` runs: written once, then read at random.
#[derive(Debug)]
pub struct Spill {
    writer: BufWriter<File>,
    written: u64,
}

impl Spill {
    /// Opens the file in the system's folder for temporary files.
    ///
    /// # Errors
    /// When that folder cannot be written.
    pub fn create() -> Result<Self, StoreError> {
        let file = tempfile::tempfile().map_err(io_error("write in", &std::env::temp_dir()))?;
        Ok(Self { writer: BufWriter::with_capacity(1 << 18, file), written: 0 })
    }

    /// Appends a run.
    ///
    /// # Errors
    /// On a full disk.
    pub fn append(&mut self, run: &[u32]) -> Result<SpillRange, StoreError> {
        let range = SpillRange { start: self.written, length: u32::try_from(run.len()).unwrap_or(u32::MAX) };
        let mut bytes = [0u8; 4096];
        for chunk in run.chunks(bytes.len() / 4) {
            for (slot, number) in bytes.chunks_exact_mut(4).zip(chunk) {
                slot.copy_from_slice(&number.to_le_bytes());
            }
            let filled = bytes.get(..chunk.len() * 4).unwrap_or_default();
            self.writer.write_all(filled).map_err(io_error("write", Path::new("temporary file")))?;
        }
        self.written += run.len() as u64;
        Ok(range)
    }

    /// Reads a run back into `out`, replacing what it held.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&mut self, range: SpillRange, out: &mut Vec<u32>) -> Result<(), StoreError> {
        use std::io::Read;
        let fail = || io_error("read", Path::new("temporary file"));
        self.writer.flush().map_err(io_error("write", Path::new("temporary file")))?;
        let file = self.writer.get_mut();
        file.seek(SeekFrom::Start(range.start * 4)).map_err(fail())?;
        let mut bytes = vec![0u8; range.length as usize * 4];
        file.read_exact(&mut bytes).map_err(fail())?;
        out.clear();
        out.extend(bytes.chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().unwrap_or_default())));
        Ok(())
    }
}

/// An unnamed temporary file of texts: written once, then read at random.
#[derive(Debug)]
pub struct TextSpill {
    writer: BufWriter<File>,
    written: u64,
}

impl TextSpill {
    /// Opens the file in the system's folder for temporary files.
    ///
    /// # Errors
    /// When that folder cannot be written.
    pub fn create() -> Result<Self, StoreError> {
        let file = tempfile::tempfile().map_err(io_error("write in", &std::env::temp_dir()))?;
        Ok(Self { writer: BufWriter::with_capacity(1 << 18, file), written: 0 })
    }

    /// Appends bytes; gives their place.
    ///
    /// # Errors
    /// On a full disk, or for more than 4 GiB at once.
    pub fn append(&mut self, bytes: &[u8]) -> std::io::Result<(u64, u32)> {
        let length = u32::try_from(bytes.len()).map_err(std::io::Error::other)?;
        self.writer.write_all(bytes)?;
        let place = (self.written, length);
        self.written += bytes.len() as u64;
        Ok(place)
    }

    /// Reads bytes back.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&mut self, place: (u64, u32)) -> std::io::Result<Vec<u8>> {
        use std::io::Read;
        self.writer.flush()?;
        let file = self.writer.get_mut();
        file.seek(SeekFrom::Start(place.0))?;
        let mut bytes = vec![0; place.1 as usize];
        file.read_exact(&mut bytes)?;
        file.seek(SeekFrom::End(0))?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_whatever_was_written_after_them() {
        let mut spill = TextSpill::create().unwrap();
        let first = spill.append("مرحبا".as_bytes()).unwrap();
        assert_eq!(spill.read(first).unwrap(), "مرحبا".as_bytes());
        let second = spill.append(b"two").unwrap();
        assert_eq!(spill.read(first).unwrap(), "مرحبا".as_bytes());
        assert_eq!(spill.read(second).unwrap(), b"two");
    }

    #[test]
    fn runs_come_back_in_any_order() {
        let mut spill = Spill::create().unwrap();
        let long: Vec<u32> = (0..5_000).collect();
        let first = spill.append(&[7, 8, u32::MAX]).unwrap();
        let second = spill.append(&long).unwrap();
        let empty = spill.append(&[]).unwrap();
        let mut out = vec![1];
        spill.read(second, &mut out).unwrap();
        assert_eq!(out, long);
        spill.read(first, &mut out).unwrap();
        assert_eq!(out, [7, 8, u32::MAX]);
        spill.read(empty, &mut out).unwrap();
        assert!(out.is_empty());
    }
}
