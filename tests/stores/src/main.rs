//! What the gateway's store could have been, under the same power cuts: how many
//! acknowledged commits are lost, how many opens fail, how much is written for an event,
//! how long it takes to open again. Needs root, loop devices and btrfs-progs.
//!
//! `stores CUTS` prints the table; the other forms are what it starts.

mod candidates;
#[path = "../../src/disk.rs"]
mod disk;

use candidates::{NAMES, open};
use disk::Disk;
use std::{
    env,
    error::Error,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const DISK_BYTES: u64 = 160 << 20;
/// Events committed together in the cuts: what comes in within 50 ms of a busy shop.
const GROUP: u64 = 16;
/// Longest open and count before it is taken to hang.
const OPEN_MAX: Duration = Duration::from_secs(20);
/// Longest run of events.
const RUN_MAX: Duration = Duration::from_mins(2);
/// Events one by one, or groups, 20 ms apart, of which the bytes are counted: four times
/// as long as the gateway's cache waits before it is written behind.
const COUNTED: u64 = 1_000;

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["work", name, dir, group, pause_ms, most] => {
            let (group, pause, most) = (group.parse()?, pause_ms.parse()?, most.parse()?);
            work(
                name,
                Path::new(dir),
                group,
                Duration::from_millis(pause),
                most,
            )
        }
        ["count", name, dir] => {
            let begun = Instant::now();
            let mut store = open(name, Path::new(dir))?;
            let took_us = begun.elapsed().as_micros();
            println!("{} {took_us}", store.count()?);
            Ok(())
        }
        [cuts] => table(cuts.parse()?),
        _ => Err("stores CUTS".into()),
    }
}

/// Commits group after group and says after each how many events are on the disk.
fn work(name: &str, dir: &Path, group: u64, pause: Duration, most: u64) -> Result<()> {
    fs::create_dir_all(dir)?;
    let mut store = open(name, dir)?;
    let mut next = store.count()?;
    let end = next.saturating_add(most);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{next}")?;
    while next < end {
        store.commit(next..next + group)?;
        next += group;
        writeln!(out, "{next}")?;
        thread::sleep(pause);
    }
    Ok(())
}

/// A store at work in another process.
struct Worker {
    child: Child,
    told: Arc<AtomicU64>,
    listener: Option<thread::JoinHandle<()>>,
}

impl Worker {
    fn start(name: &str, dir: &Path, group: u64, pause_ms: u64, most: u64) -> Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .args(["work", name])
            .arg(dir)
            .args([group, pause_ms, most].map(|n| n.to_string()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let told = Arc::new(AtomicU64::new(u64::MAX));
        let (heard, out) = (told.clone(), child.stdout.take().expect("it is piped"));
        let listener = thread::spawn(move || {
            for line in BufReader::new(out)
                .lines()
                .map_while(std::result::Result::ok)
            {
                heard.store(line.parse().expect("a number"), Ordering::SeqCst);
            }
        });
        let listener = Some(listener);
        Ok(Self {
            child,
            told,
            listener,
        })
    }

    /// How many events it has said to have; none before it is open.
    fn told(&self) -> Option<u64> {
        Some(self.told.load(Ordering::SeqCst)).filter(|told| *told != u64::MAX)
    }

    /// Waits until it has said to have as many as are wanted.
    fn until(&self, is_enough: impl Fn(u64) -> bool) -> Result<()> {
        let begun = Instant::now();
        loop {
            if self.told().is_some_and(&is_enough) {
                return Ok(());
            }
            if begun.elapsed() > RUN_MAX {
                return Err("a store has come to nothing".into());
            }
            thread::sleep(Duration::from_micros(200));
        }
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

/// Opens in another process, which may panic or hang: what it has, and how long it took.
fn reopen(name: &str, dir: &Path) -> Option<(u64, Duration)> {
    let begun = Instant::now();
    let mut child = Command::new(env::current_exe().ok()?)
        .args(["count", name])
        .arg(dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    while child.try_wait().ok()?.is_none() {
        if begun.elapsed() > OPEN_MAX {
            let _ = child.kill();
        }
        thread::sleep(Duration::from_millis(1));
    }
    let output = child.wait_with_output().ok()?;
    let told = String::from_utf8(output.stdout).ok()?;
    let (count, took_us) = told.trim().split_once(' ')?;
    let took = Duration::from_micros(took_us.parse().ok()?);
    Some((count.parse().ok()?, took))
}

#[derive(Default)]
struct Row {
    lost: u64,
    worst: u64,
    failed: u64,
    opens: Vec<Duration>,
}

fn table(cuts: u64) -> Result<()> {
    println!(
        "| store | cuts that lost | most lost | failed opens of {cuts} | opens after, ms, p50 / worst | commits a second, {GROUP} events each | bytes written an event, one by one / {GROUP} together |"
    );
    println!("|---|---|---|---|---|---|---|");
    for name in NAMES {
        let Some(mut disk) = Disk::new(DISK_BYTES) else {
            return Ok(());
        };
        let mut row = Row::default();
        for cut in 0..cuts {
            cut_once(name, &mut disk, cut, &mut row)?;
        }
        row.opens.sort();
        let half = row
            .opens
            .get(row.opens.len() / 2)
            .copied()
            .unwrap_or_default();
        let worst = row.opens.last().copied().unwrap_or_default();
        let (per_second, _) = written(name, GROUP, 0, 2_000 * GROUP)?;
        let (_, alone) = written(name, 1, 20, COUNTED)?;
        let (_, together) = written(name, GROUP, 20, COUNTED * GROUP)?;
        println!(
            "| {name} | {} | {} | {} | {} / {} | {per_second:.0} | {alone:.0} / {together:.0} |",
            row.lost,
            row.worst,
            row.failed,
            half.as_millis(),
            worst.as_millis(),
        );
    }
    Ok(())
}

/// Works, cuts the power at a moment drawn by the cut's number, opens again.
fn cut_once(name: &str, disk: &mut Disk, cut: u64, row: &mut Row) -> Result<()> {
    let dir = disk.at().join("data");
    let mut worker = Worker::start(name, &dir, GROUP, 0, u64::MAX)?;
    let begun = Instant::now();
    while worker.told().is_none() && begun.elapsed() < OPEN_MAX {
        thread::sleep(Duration::from_millis(1));
    }
    // A multiple of an irrational number modulo one is spread evenly.
    let share = (cut as f64 * 0.618_033_988_749).fract();
    thread::sleep(Duration::from_millis(20 + (share * 400.0) as u64));
    let witnessed = worker.told().unwrap_or(0);
    disk.cut();
    worker.end();
    disk.restore();
    match reopen(name, &dir) {
        Some((count, took)) => {
            let lost = witnessed.saturating_sub(count);
            row.lost += u64::from(lost > 0);
            row.worst = row.worst.max(lost);
            row.opens.push(took);
        }
        None => row.failed += 1,
    }
    if row.failed > 0 || cut % 10 == 9 {
        // What cannot be opened any more makes place for another.
        fs::remove_dir_all(&dir)?;
    }
    Ok(())
}

/// Commits a second, and bytes that reach the disk for an event: without what opening
/// and closing take, which a shop does once a month.
fn written(name: &str, group: u64, pause_ms: u64, events: u64) -> Result<(f64, f64)> {
    let Some(disk) = Disk::new(DISK_BYTES) else {
        return Err("there was a disk before".into());
    };
    let dir = disk.at().join("data");
    let sectors = sectors_of(&disk.at())?;
    let mut held = 0;
    let mut run = |events| {
        held += events;
        sync(&disk.at())?;
        let before = sectors.now()?;
        let took = run(name, &dir, (group, pause_ms), (events, held))?;
        sync(&disk.at())?;
        Ok::<_, Box<dyn Error>>((took, (sectors.now()? - before) * 512))
    };
    run(group)?;
    let (_, idle) = run(0)?;
    let (took, busy) = run(events)?;
    let commits = events as f64 / group as f64;
    let bytes = busy.saturating_sub(idle) as f64 / events as f64;
    Ok((commits / took.as_secs_f64(), bytes))
}

/// So many events, after which it has so many, and how long after it was open the last
/// was on the disk.
fn run(
    name: &str,
    dir: &Path,
    (group, pause_ms): (u64, u64),
    (events, held): (u64, u64),
) -> Result<Duration> {
    let mut worker = Worker::start(name, dir, group, pause_ms, events)?;
    worker.until(|_| true)?;
    let begun = Instant::now();
    worker.until(|told| told >= held)?;
    let took = begun.elapsed();
    let _ = worker.child.wait();
    worker.end();
    Ok(took)
}

fn sync(at: &Path) -> Result<()> {
    let done = Command::new("sync").arg("-f").arg(at).status()?;
    if done.success() {
        Ok(())
    } else {
        Err("sync failed".into())
    }
}

/// Counts what a block device was told to write.
struct Sectors(PathBuf);

fn sectors_of(mounted: &Path) -> Result<Sectors> {
    let mounts = fs::read_to_string("/proc/self/mounts")?;
    let at = mounted.to_str().ok_or("a path of letters")?;
    let mut lines = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let device = words.next()?;
        (words.next()? == at).then_some(device)
    });
    let device = lines.next_back().ok_or("it is mounted")?;
    let name = Path::new(device).file_name().ok_or("a device has a name")?;
    Ok(Sectors(Path::new("/sys/block").join(name).join("stat")))
}

impl Sectors {
    /// The seventh field: Documentation/block/stat.rst of Linux.
    fn now(&self) -> Result<u64> {
        let text = fs::read_to_string(&self.0)?;
        let field = text.split_whitespace().nth(6).ok_or("a short stat")?;
        Ok(field.parse()?)
    }
}
