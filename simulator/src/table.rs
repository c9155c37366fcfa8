//! CSV files with named columns, in any order and among others. What cannot be
//! read is told with file, line and column.

use anyhow::{Context as _, Result, bail};
use csv::{ByteRecord, Reader, ReaderBuilder, Trim};
use flate2::read::MultiGzDecoder;
use std::{
    fs::File,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

/// Most rows of a file: a week of one busy shop. More is a mistake, or belongs
/// into several files.
const ROWS_MAX: u64 = 50_000_000;
/// Longest text that is read as a whole: every strength a receiver can mean, of as
/// many places and scanners as a plan takes.
const TEXT_BYTES_MAX: u64 = 32 << 20;

/// A file being read, row by row.
pub struct Table {
    path: PathBuf,
    reader: Reader<Box<dyn Read>>,
    header: Vec<String>,
    row: ByteRecord,
    rows: u64,
}

/// Where a column stands; see [`Table::column`].
#[derive(Debug, Clone, Copy)]
pub struct Column {
    at: usize,
    name: &'static str,
}

/// Opens a file, compressed if its name ends in `.gz`.
fn open(path: &Path) -> Result<Box<dyn Read>> {
    let file = File::open(path);
    let file = file.with_context(|| format!("failed to open {}", path.display()))?;
    Ok(if path.extension().is_some_and(|e| e == "gz") {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    })
}

/// The text of a file that is read as a whole, compressed if its name ends in `.gz`.
pub fn text(path: &Path) -> Result<String> {
    let mut text = String::new();
    let mut file = open(path)?.take(TEXT_BYTES_MAX + 1);
    file.read_to_string(&mut text)
        .with_context(|| format!("failed to read {}", path.display()))?;
    if text.len() as u64 > TEXT_BYTES_MAX {
        bail!("{}: more than {TEXT_BYTES_MAX} bytes", path.display());
    }
    Ok(text)
}

impl Table {
    /// Opens a file, compressed if its name ends in `.gz`, and reads its header.
    pub fn open(path: &Path) -> Result<Self> {
        Self::read(path, open(path)?)
    }

    /// Reads a text; `name` stands for its file.
    pub fn of_text(name: &str, text: &str) -> Result<Self> {
        let bytes = Cursor::new(text.to_owned().into_bytes());
        Self::read(Path::new(name), Box::new(bytes))
    }

    fn read(path: &Path, from: Box<dyn Read>) -> Result<Self> {
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .trim(Trim::All)
            .from_reader(from);
        let header = reader.headers();
        let header = header.with_context(|| format!("failed to read {}", path.display()))?;
        // Spreadsheets begin a file with a byte order mark.
        let name = |name: &str| name.trim_start_matches('\u{feff}').to_lowercase();
        let header: Vec<String> = header.iter().map(name).collect();
        if header.is_empty() {
            bail!(
                "{}: the file is empty: it wants a first line with the names of its columns",
                path.display()
            );
        }
        Ok(Self {
            path: path.to_owned(),
            reader,
            header,
            row: ByteRecord::new(),
            rows: 0,
        })
    }

    /// A column that must be there.
    pub fn column(&self, name: &'static str) -> Result<Column> {
        self.column_if_any(name).with_context(|| {
            format!(
                "{}:1: there is no column {name}; found: {}",
                self.path.display(),
                self.header.join(", ")
            )
        })
    }

    /// A column that may be left out.
    pub fn column_if_any(&self, name: &'static str) -> Option<Column> {
        let at = self.header.iter().position(|n| n == name)?;
        Some(Column { at, name })
    }

    /// The names of all columns, in lower case.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Goes to the next row; `false` at the end.
    pub fn advance(&mut self) -> Result<bool> {
        let more = self.reader.read_byte_record(&mut self.row);
        let more = more.with_context(|| format!("failed to read {}", self.place()))?;
        self.rows += u64::from(more);
        if self.rows > ROWS_MAX {
            bail!(
                "{}: more than {ROWS_MAX} rows; cut the file by time",
                self.place()
            );
        }
        Ok(more)
    }

    /// The row's text in a column.
    pub fn text(&self, column: Column) -> Result<&str> {
        let Some(bytes) = self.row.get(column.at) else {
            bail!("{}: the row ends before {}", self.place(), column.name);
        };
        std::str::from_utf8(bytes)
            .with_context(|| format!("{}: {} is not UTF-8", self.place(), column.name))
    }

    /// The row's number in a column; not finite where `NaN` or `inf` is written.
    pub fn number(&self, column: Column) -> Result<f64> {
        let text = self.text(column)?;
        let number = text.parse().ok();
        number.with_context(|| {
            let (place, name) = (self.place(), column.name);
            if text.is_empty() {
                format!("{place}: {name} is missing; write a number, or leave the row out")
            } else {
                let shown: String = text.chars().take(40).collect();
                format!("{place}: {name} is {shown:?}, not a number")
            }
        })
    }

    /// The number in the column of this index, counted from 0.
    pub fn number_at(&self, at: usize) -> Result<f64> {
        self.number(Column {
            at,
            name: "a value",
        })
    }

    /// The row's number in a column; nothing where it is left empty, or no
    /// number one could measure.
    pub fn number_if_any(&self, column: Column) -> Result<Option<f64>> {
        if self.text(column)?.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.number(column)?).filter(|n| n.is_finite()))
    }

    /// File and line of the current row.
    pub fn place(&self) -> String {
        let line = self.row.position().or(Some(self.reader.position()));
        let line = line.map_or(1, csv::Position::line);
        format!("{}:{line}", self.path.display())
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("path", &self.path)
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}
