//! yrs as a peer that a test drives over pipes: the frames of ydoc_peer.c, and edits of its own.
//!   w  new document of the client whose id the body is, as decimal text
//!   a  apply an update             s  state vector       d  diff to a state vector (empty: all)
//!   t  text of a root              j  JSON of a root map
//!   i  "root\nindex\ntext"         x  "root\nindex\nlength"         f  "root\nindex\nlength\nkey\nvalue"
//!   k  "root\nkey\nvalue"          r  "root\nkey"
//! The edits answer with the update that they made.  Indexes are UTF-16 units.  A panic is status -100.
use std::io::{Read, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use yrs::block::ClientID;
use yrs::types::Attrs;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Any, Doc, GetString, Map, OffsetKind, Options, ReadTxn, StateVector, Text, Transact, Update,
};

fn new_doc(id: u64) -> Doc {
    let mut options = Options::with_client_id(ClientID::new(id));
    options.offset_kind = OffsetKind::Utf16;
    let doc = Doc::with_options(options);
    // Roots take the kind they are first opened as.
    doc.get_or_insert_text("text");
    doc.get_or_insert_map("map");
    doc
}

fn number(s: &str) -> Result<u32, String> {
    s.parse().map_err(|e| format!("{s}: {e}"))
}

fn edit(doc: &Doc, command: u8, body: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(body).map_err(|e| e.to_string())?;
    let part: Vec<&str> = text.splitn(5, '\n').collect();
    let root = part[0];
    let mut txn = doc.transact_mut();
    match command {
        b'i' => {
            let (index, words) = part[1..]
                .join("\n")
                .split_once('\n')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .ok_or("no text")?;
            let root = txn.get_text(root).ok_or("no root")?;
            root.insert(&mut txn, number(&index)?, &words);
        }
        b'x' => {
            let root = txn.get_text(root).ok_or("no root")?;
            root.remove_range(&mut txn, number(part[1])?, number(part[2])?);
        }
        b'f' => {
            let value = if part[4] == "null" {
                Any::Null
            } else {
                Any::from(part[4])
            };
            let root = txn.get_text(root).ok_or("no root")?;
            root.format(
                &mut txn,
                number(part[1])?,
                number(part[2])?,
                Attrs::from([(part[3].into(), value)]),
            );
        }
        b'k' => {
            let root = txn.get_map(root).ok_or("no root")?;
            root.insert(&mut txn, part[1], part[2]);
        }
        _ => {
            let root = txn.get_map(root).ok_or("no root")?;
            root.remove(&mut txn, part[1]);
        }
    }
    txn.commit();
    Ok(txn.encode_update_v1())
}

fn run(doc: &mut Doc, command: u8, body: &[u8]) -> Result<Vec<u8>, String> {
    let fail = |e: &dyn std::fmt::Display| e.to_string();
    match command {
        b'w' => {
            let id = std::str::from_utf8(body)
                .map_err(|e| fail(&e))?
                .parse()
                .map_err(|e| fail(&e))?;
            *doc = new_doc(id);
            Ok(vec![])
        }
        b'a' => {
            let update = Update::decode_v1(body).map_err(|e| fail(&e))?;
            doc.transact_mut()
                .apply_update(update)
                .map_err(|e| fail(&e))?;
            Ok(vec![])
        }
        b's' => Ok(doc.transact().state_vector().encode_v1()),
        b'd' => {
            let sv = if body.is_empty() {
                StateVector::default()
            } else {
                StateVector::decode_v1(body).map_err(|e| fail(&e))?
            };
            Ok(doc.transact().encode_state_as_update_v1(&sv))
        }
        b't' | b'j' => {
            let name = String::from_utf8_lossy(body);
            let txn = doc.transact();
            Ok(if command == b't' {
                txn.get_text(&*name)
                    .map(|t| t.get_string(&txn))
                    .unwrap_or_default()
                    .into_bytes()
            } else {
                let mut keys: Vec<String> = txn
                    .get_map(&*name)
                    .map(|m| {
                        m.iter(&txn)
                            .map(|(k, v)| format!("{k}={}", v.to_string(&txn)))
                            .collect()
                    })
                    .unwrap_or_default();
                keys.sort();
                keys.join("\n").into_bytes()
            })
        }
        _ => edit(doc, command, body),
    }
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let mut doc = new_doc(1);
    let mut head = [0u8; 5];
    while input.read_exact(&mut head).is_ok() {
        let mut body = vec![0; u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize];
        input.read_exact(&mut body).expect("a whole command");
        let (status, bytes) = match catch_unwind(AssertUnwindSafe(|| run(&mut doc, head[0], &body)))
        {
            Ok(Ok(bytes)) => (0, bytes),
            Ok(Err(why)) => (-1, why.into_bytes()),
            Err(_) => {
                doc = new_doc(1);
                (-100, vec![])
            }
        };
        output
            .write_all(&i32::to_le_bytes(status))
            .expect("an open pipe");
        output
            .write_all(&(bytes.len() as u32).to_le_bytes())
            .expect("an open pipe");
        output.write_all(&bytes).expect("an open pipe");
        output.flush().expect("an open pipe");
    }
}
