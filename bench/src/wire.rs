//! A WebSocket client that costs next to nothing: it shares the cores with the server that it measures.
//! Frames carry an all-zero mask (RFC 6455 asks for a mask, not for a random one), so payloads are never rewritten.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpSocket, TcpStream};

/// Where and how to knock.
#[derive(Clone)]
pub struct Door {
    pub address: SocketAddr,
    pub path: String,
    /// `Name: value` lines besides those that the handshake itself needs.
    pub headers: Vec<String>,
    /// The loopback address to come from, so that 28,000 ports are not the limit.
    pub source: Ipv4Addr,
}

pub struct Wire {
    stream: Arc<TcpStream>,
    inbox: Vec<u8>,
    taken: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    Text(&'a [u8]),
    Ping(&'a [u8]),
    /// With its code; 1005 when it carries none.
    Close(u16),
    Other,
}

/// What `Wire::next` cut out of the inbox: opcode, first and last byte.
struct Cut {
    opcode: u8,
    from: usize,
    to: usize,
}

impl Wire {
    pub async fn open(door: &Door) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((door.source, 0)))?;
        let stream = socket.connect(door.address).await?;
        stream.set_nodelay(true)?;
        let mut wire = Self { stream: Arc::new(stream), inbox: Vec::new(), taken: 0 };
        wire.shake_hands(door).await?;
        Ok(wire)
    }

    async fn shake_hands(&mut self, door: &Door) -> io::Result<()> {
        let mut request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            door.path, door.address
        );
        for line in &door.headers {
            request.push_str(line);
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        self.write(request.as_bytes()).await?;
        loop {
            if let Some(end) = find(&self.inbox, b"\r\n\r\n") {
                let status = String::from_utf8_lossy(self.inbox.get(..end).unwrap_or_default()).into_owned();
                if !status.starts_with("HTTP/1.1 101") {
                    return Err(io::Error::other(status.lines().next().unwrap_or_default().to_owned()));
                }
                self.taken = end + 4;
                return Ok(());
            }
            self.fill().await?;
        }
    }

    /// Waits for more bytes. An end of the stream is an error: a polite server closes with a frame first.
    pub async fn fill(&mut self) -> io::Result<()> {
        if self.taken > 0 {
            self.inbox.drain(..self.taken);
            self.taken = 0;
        }
        loop {
            self.stream.readable().await?;
            self.inbox.reserve(2048);
            match self.stream.try_read_buf(&mut self.inbox) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The next whole frame that has already arrived.
    pub fn next(&mut self) -> Option<Frame<'_>> {
        let cut = cut(self.inbox.get(self.taken..)?)?;
        let start = self.taken;
        self.taken += cut.to;
        let payload = self.inbox.get(start + cut.from..start + cut.to)?;
        Some(match cut.opcode {
            1 => Frame::Text(payload),
            8 => Frame::Close(payload.first_chunk::<2>().map_or(1005, |code| u16::from_be_bytes(*code))),
            9 => Frame::Ping(payload),
            _ => Frame::Other,
        })
    }

    pub async fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.stream.try_write(rest) {
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.stream.writable().await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub async fn say(&self, text: &str) -> io::Result<()> {
        self.write(&text_frame(text.as_bytes())).await
    }

    pub async fn pong(&self, payload: &[u8]) -> io::Result<()> {
        self.write(&frame(10, payload)).await
    }

    /// For a pacer on another thread, which only writes.
    pub fn stream(&self) -> Arc<TcpStream> {
        Arc::clone(&self.stream)
    }
}

fn cut(bytes: &[u8]) -> Option<Cut> {
    let [first, second, rest @ ..] = bytes else { return None };
    let (from, length) = match second & 0x7f {
        126 => (4, usize::from(u16::from_be_bytes(*rest.first_chunk::<2>()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(*rest.first_chunk::<8>()?)).ok()?),
        short => (2, usize::from(short)),
    };
    let to = from + length;
    (bytes.len() >= to).then_some(Cut { opcode: first & 0x0f, from, to })
}

pub fn text_frame(payload: &[u8]) -> Vec<u8> {
    frame(1, payload)
}

fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + 14);
    bytes.push(0x80 | opcode);
    match payload.len() {
        short @ 0..=125 => bytes.push(0x80 | short as u8),
        middle @ 126..=0xffff => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(payload);
    bytes
}

/// Where `needle` begins. Frames are short, so the plain way is the quick way.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    loop {
        let rest = hay.get(from..)?;
        let at = rest.iter().position(|byte| *byte == first)?;
        if rest.get(at..)?.starts_with(needle) {
            return Some(from + at);
        }
        from += at + 1;
    }
}

/// What follows `key` in a JSON text up to the closing quote: good for ids and other strings without escapes.
pub fn quoted_after<'a>(json: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let rest = json.get(find(json, key)? + key.len()..)?;
    rest.get(..rest.iter().position(|byte| *byte == b'"')?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_cut_only_when_it_is_whole() {
        let mut long = vec![0x81, 126, 0, 200];
        long.extend_from_slice(&[b'x'; 200]);
        assert!(cut(&long[..100]).is_none());
        let whole = cut(&long).unwrap();
        assert_eq!((whole.opcode, whole.from, whole.to), (1, 4, 204));
    }

    #[test]
    fn our_own_frames_are_masked_with_zeros() {
        assert_eq!(text_frame(b"hi"), [0x81, 0x82, 0, 0, 0, 0, b'h', b'i']);
        assert_eq!(text_frame(&[b'x'; 200])[..4], [0x81, 0xfe, 0, 200]);
    }

    #[test]
    fn ids_are_found_in_json() {
        assert_eq!(quoted_after(br#"{"t":"ack","id":"abc","seq":1}"#, br#""id":""#), Some(&b"abc"[..]));
        assert_eq!(find(b"aab", b"ab"), Some(1));
        assert_eq!(find(b"aab", b"ba"), None);
    }
}
