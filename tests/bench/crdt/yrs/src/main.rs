// Measures yrs on the inputs that prepare.mjs makes: bench-yrs FOLDER [SECONDS]; the same lines as bench_ydoc.c.
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;
use yrs::updates::decoder::Decode;
use yrs::{Doc, GetString, OffsetKind, Options, ReadTxn, StateVector, Text, Transact, Update};

struct Counting;
static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, l: Layout) -> *mut u8 {
        let now = NOW.fetch_add(l.size(), Relaxed) + l.size();
        PEAK.fetch_max(now, Relaxed);
        System.alloc(l)
    }
    unsafe fn dealloc(&self, p: *mut u8, l: Layout) {
        NOW.fetch_sub(l.size(), Relaxed);
        System.dealloc(p, l)
    }
}

// Only while memory is measured does counting cost anything worth naming: two additions a call.
#[global_allocator]
static ALLOC: Counting = Counting;

fn number(bytes: &[u8], at: &mut usize) -> usize {
    let (mut value, mut shift) = (0usize, 0);
    loop {
        let b = bytes[*at];
        *at += 1;
        value |= ((b & 0x7f) as usize) << shift;
        shift += 7;
        if b < 0x80 {
            return value;
        }
    }
}

fn blob<'a>(bytes: &'a [u8], at: &mut usize) -> &'a [u8] {
    let len = number(bytes, at);
    *at += len;
    &bytes[*at - len..*at]
}

fn list(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut at, mut out) = (0, Vec::new());
    while at < bytes.len() {
        out.push(blob(bytes, &mut at));
    }
    out
}

fn apply(doc: &Doc, update: &[u8]) -> bool {
    match Update::decode_v1(update) {
        Ok(update) => doc.transact_mut().apply_update(update).is_ok(),
        Err(_) => false,
    }
}

#[repr(C)]
struct Timespec {
    sec: i64,
    nsec: i64,
}
extern "C" {
    fn clock_gettime(clock: i32, t: *mut Timespec) -> i32;
}

// Processor time, so that what else runs on the machine counts less.
fn cpu_ms() -> f64 {
    let mut t = Timespec { sec: 0, nsec: 0 };
    unsafe { clock_gettime(2, &mut t) };
    t.sec as f64 * 1e3 + t.nsec as f64 / 1e6
}

struct Bench {
    seconds: f64,
}

impl Bench {
    fn rounds(&self, measure: &str, input: &str, most: usize, mut one: impl FnMut() -> f64) {
        let begin = Instant::now();
        let mut times = Vec::new();
        while times.len() < 3
            || (times.len() < most && begin.elapsed().as_secs_f64() < self.seconds)
        {
            times.push(format!("{:.4}", one()));
        }
        println!("yrs {measure} {input} ms {}", times.join(" "));
    }

    fn doc(&self, input: &str, bytes: &[u8]) {
        self.rounds("parse", input, 200, || {
            let t = cpu_ms();
            let doc = Doc::new();
            let text = doc.get_or_insert_text("text");
            apply(&doc, bytes);
            let _ = text.get_string(&doc.transact());
            cpu_ms() - t
        });
        let encode = |doc: &Doc| {
            let t = cpu_ms();
            std::hint::black_box(doc.transact().encode_state_as_update_v1(&StateVector::default()));
            cpu_ms() - t
        };
        self.rounds("encode", input, 200, || {
            let doc = Doc::new();
            apply(&doc, bytes);
            encode(&doc)
        });
        let doc = Doc::new();
        apply(&doc, bytes);
        encode(&doc);
        self.rounds("encode-again", input, 200, || encode(&doc));
        drop(doc);
        let before = NOW.load(Relaxed);
        let doc = Doc::new();
        apply(&doc, bytes);
        println!("yrs heap {input} bytes {}", NOW.load(Relaxed) - before);
    }

    fn updates(&self, input: &str, bytes: &[u8]) {
        let updates = list(bytes);
        if input.starts_with("clients-") {
            self.rounds("merge", input, 3, || {
                let t = cpu_ms();
                let _ = yrs::merge_updates_v1(&updates);
                cpu_ms() - t
            });
            return;
        }
        self.rounds("apply", input, 20, || {
            let t = cpu_ms();
            let doc = Doc::new();
            for u in &updates {
                apply(&doc, u);
            }
            cpu_ms() - t
        });
        self.rounds("apply+relay", input, 20, || {
            let t = cpu_ms();
            let doc = Doc::new();
            doc.observe_update_v1("relay", |_, e| {
                std::hint::black_box(&e.update);
            })
            .expect("an observer");
            for u in &updates {
                apply(&doc, u);
            }
            cpu_ms() - t
        });
        let before = NOW.load(Relaxed);
        let doc = Doc::new();
        for u in &updates {
            apply(&doc, u);
        }
        println!("yrs heap-typed {input} bytes {}", NOW.load(Relaxed) - before);
        drop(doc);
        for n in [1000, 3000, 10000] {
            if updates.len() >= n && (input == "B4" || n == 10000) {
                self.rounds(&format!("merge-{n}"), input, 5, || {
                    let t = cpu_ms();
                    let _ = yrs::merge_updates_v1(&updates[..n]);
                    cpu_ms() - t
                });
            }
        }
    }

    // Every edit is a transaction, and its update is made. At most 3 rounds; none begins after 20 s of processor time,
    // and one that takes 60 s is stopped: as in the programs beside this one.
    fn typing(&self, input: &str, bytes: &[u8]) {
        let begin = cpu_ms();
        let mut times = Vec::new();
        while times.len() < 3 && (times.is_empty() || cpu_ms() - begin < 20e3) {
            let doc = Doc::with_options(Options { offset_kind: OffsetKind::Utf16, ..Options::default() });
            let text = doc.get_or_insert_text("text");
            doc.observe_update_v1("updates", |_, e| {
                std::hint::black_box(&e.update);
            })
            .expect("an observer");
            let (mut at, mut n) = (0, 0u64);
            let expected = blob(bytes, &mut at);
            let t = cpu_ms();
            while at < bytes.len() {
                if n % 4096 == 0 && cpu_ms() - t > 60e3 {
                    println!("yrs type {input} says stopped after 60 s at edit {n}");
                    return;
                }
                let (from, deleted) = (number(bytes, &mut at), number(bytes, &mut at));
                let inserted = std::str::from_utf8(blob(bytes, &mut at)).expect("text");
                let mut txn = doc.transact_mut();
                if deleted > 0 {
                    text.remove_range(&mut txn, from as u32, deleted as u32);
                }
                if !inserted.is_empty() {
                    text.insert(&mut txn, from as u32, inserted);
                }
                n += 1;
            }
            times.push(format!("{:.4}", cpu_ms() - t));
            assert!(text.get_string(&doc.transact()).as_bytes() == expected, "the text is not the one that was typed");
        }
        println!("yrs type {input} ms {}", times.join(" "));
    }

    fn hostile(&self, input: &str, bytes: &[u8]) {
        let updates = list(bytes);
        let last = updates.len() - 1;
        let doc = Doc::new();
        for u in &updates[..last] {
            apply(&doc, u);
        }
        let before = NOW.load(Relaxed);
        PEAK.store(before, Relaxed);
        let t = cpu_ms();
        if !apply(&doc, updates[last]) {
            println!("yrs hostile {input} says refused");
        }
        println!("yrs hostile {input} ms {:.3}", cpu_ms() - t);
        println!("yrs hostile-heap {input} bytes {}", PEAK.load(Relaxed) - before);
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let folder = &args[1];
    let only = args.get(3).cloned();
    let bench = Bench { seconds: args.get(2).and_then(|s| s.parse().ok()).unwrap_or(1.0) };
    let before = NOW.load(Relaxed);
    let empty = Doc::new();
    println!("yrs heap empty bytes {}", NOW.load(Relaxed) - before);
    drop(empty);
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder of inputs")
        .filter_map(|e| e.ok().and_then(|e| e.file_name().into_string().ok()))
        .filter(|n| only.as_ref().map_or(!n.starts_with("hostile-"), |o| n == o))
        .collect();
    names.sort();
    for name in names {
        let bytes = std::fs::read(format!("{folder}/{name}")).expect("an input");
        let Some((stem, kind)) = name.rsplit_once('.') else { continue };
        match kind {
            "doc" => bench.doc(stem, &bytes),
            "updates" if stem.starts_with("hostile-") => bench.hostile(stem, &bytes),
            "updates" => bench.updates(stem, &bytes),
            "edits" => bench.typing(stem, &bytes),
            _ => {}
        }
    }
}
