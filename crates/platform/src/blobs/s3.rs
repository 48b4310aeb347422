//! Files in a bucket: `files/ab/<id>`, pieces as objects of their own under `pieces/<id>/`, so that any node can take the next one.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    ops::Range,
    path::Path,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload,
    RetryConfig, aws::AmazonS3, aws::AmazonS3Builder, path::Path as Key,
};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Semaphore,
};
use uuid::Uuid;

use super::{Assembled, Bytestream, Fault, Incoming, Part, disk::Disk, incoming::GoesTo};
use crate::config::StorageConfig;

/// The size of a part of a large object; the storages want at least 5 MiB.
const PART: usize = 8 * 1024 * 1024;
/// How many pieces and parts are in memory at once on their way to the bucket.
const AT_ONCE: usize = 4;
/// How many objects are deleted at once.
const DELETIONS: usize = 8;

/// A bucket for files, with a folder for what is looked into here.
#[derive(Clone)]
pub struct S3 {
    store: Arc<AmazonS3>,
    bucket: Arc<str>,
    prefix: Arc<str>,
    disk: Disk,
    at_once: Arc<Semaphore>,
}

impl From<object_store::Error> for Fault {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl S3 {
    /// Prepares the way to the bucket. Nothing is sent yet.
    pub fn open(config: &StorageConfig, disk: Disk) -> Result<Self, object_store::Error> {
        let is_plain = config.s3_endpoint.starts_with("http://");
        let options = ClientOptions::new()
            .with_allow_http(is_plain)
            .with_connect_timeout(Duration::from_secs(5))
            .with_timeout(Duration::from_secs(60));
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(2),
                base: 2.0,
            },
            max_retries: 3,
            retry_timeout: Duration::from_secs(20),
        };
        let mut builder = AmazonS3Builder::new()
            .with_client_options(options)
            .with_retry(retry)
            .with_bucket_name(&config.s3_bucket)
            .with_region(&config.s3_region)
            .with_access_key_id(&config.s3_access_key)
            .with_secret_access_key(&config.s3_secret_key.0)
            .with_virtual_hosted_style_request(!config.s3_path_style);
        if !config.s3_endpoint.is_empty() {
            builder = builder.with_endpoint(endpoint(config));
        }
        let prefix = config.s3_prefix.trim_matches('/');
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        Ok(Self {
            store: Arc::new(builder.build()?),
            bucket: config.s3_bucket.as_str().into(),
            prefix: prefix.into(),
            disk,
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Writes, reads and deletes a small object.
    pub async fn look(&self) -> Result<(), Fault> {
        let key = Key::from(format!("{}look/{}", self.prefix, Uuid::new_v4().simple()));
        self.store.put(&key, PutPayload::from_static(b"balcao")).await?;
        let read = self.store.get(&key).await?.bytes().await?;
        self.store.delete(&key).await?;
        if read == "balcao".as_bytes() { Ok(()) } else { Err(Fault::Missing) }
    }

    fn key(&self, id: Uuid, part: Part) -> Key {
        let name = id.simple().to_string();
        let shard = name.get(30..).unwrap_or_default();
        let tail = match part {
            Part::Whole => "",
            Part::Preview => ".preview",
        };
        Key::from(format!("{}files/{shard}/{name}{tail}", self.prefix))
    }

    fn pieces(&self, id: Uuid) -> Key {
        Key::from(format!("{}pieces/{}", self.prefix, id.simple()))
    }

    pub async fn receive(&self, id: Uuid, offset: u64) -> Result<Incoming, Fault> {
        let (file, copy) = self.disk.piece_file().await?;
        let s3 = Box::new(self.clone());
        Ok(Incoming::new(file, offset, GoesTo::Bucket { s3, id, copy }))
    }

    /// Puts a piece, named after its place in the file.
    pub(super) async fn put_piece(&self, id: Uuid, offset: u64, length: u64, from: &Path) -> Result<(), Fault> {
        let _permit = self.permit().await?;
        let bytes = tokio::fs::read(from).await?;
        if bytes.len() as u64 != length {
            return Err(Fault::Unavailable("a piece has changed on the disk".to_owned()));
        }
        let key = self.pieces(id).join(format!("{offset:012}-{:012}", offset + length));
        self.store.put(&key, bytes.into()).await?;
        Ok(())
    }

    async fn permit(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Fault> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await;
        permit.map_err(|closed| Fault::Unavailable(closed.to_string()))
    }

    pub async fn assemble(&self, id: Uuid, size: u64) -> Result<Assembled, Fault> {
        let listed: Vec<_> = self.store.list(Some(&self.pieces(id))).try_collect().await?;
        let pieces: BTreeSet<(u64, u64)> =
            listed.iter().filter_map(|object| range_of(object.location.filename()?)).collect();
        let path = self.disk.copy_path();
        let assembled = Assembled { path: path.clone(), is_copy: true };
        let mut file = File::create_new(&path).await?;
        for (from, to) in way_through(&pieces, size).ok_or(Fault::Missing)? {
            let key = self.pieces(id).join(format!("{from:012}-{to:012}"));
            let mut bytes = self.store.get(&key).await?.into_stream();
            while let Some(chunk) = bytes.try_next().await? {
                file.write_all(&chunk).await?;
            }
        }
        file.flush().await?;
        if file.metadata().await?.len() == size { Ok(assembled) } else { Err(Fault::Missing) }
    }

    pub async fn keep(&self, id: Uuid, assembled: &Assembled) -> Result<(), Fault> {
        let _permit = self.permit().await?;
        let key = self.key(id, Part::Whole);
        let mut file = File::open(assembled.path()).await?;
        let first = read_part(&mut file).await?;
        if first.len() < PART {
            self.store.put(&key, first.into()).await?;
            return Ok(());
        }
        let mut upload = self.store.put_multipart(&key).await?;
        let put = put_parts(upload.as_mut(), &mut file, first).await;
        if put.is_err()
            && let Err(error) = upload.abort().await
        {
            tracing::warn!(%error, "parts of a broken upload stay in the bucket until its own rules remove them");
        }
        put
    }

    pub async fn keep_preview(&self, id: Uuid, picture: Vec<u8>) -> Result<(), Fault> {
        self.store.put(&self.key(id, Part::Preview), picture.into()).await?;
        Ok(())
    }

    pub async fn size(&self, id: Uuid, part: Part) -> Result<u64, Fault> {
        Ok(self.store.head(&self.key(id, part)).await?.size)
    }

    pub async fn read(&self, id: Uuid, part: Part, range: Range<u64>) -> Result<Bytestream, Fault> {
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.store.get_opts(&self.key(id, part), options).await?;
        Ok(found.into_stream().map_err(io::Error::other).boxed())
    }

    pub async fn forget_pieces(&self, id: Uuid) -> Result<(), Fault> {
        let found = self.store.list(Some(&self.pieces(id))).map_ok(|object| object.location);
        self.delete_all(found).await
    }

    pub async fn delete(&self, id: Uuid) -> Result<(), Fault> {
        self.forget_pieces(id).await?;
        for part in [Part::Preview, Part::Whole] {
            self.delete_one(self.key(id, part)).await?;
        }
        Ok(())
    }

    pub async fn sweep(&self, untouched: Duration) -> Result<(), Fault> {
        self.disk.sweep(untouched).await?;
        let pieces = Key::from(format!("{}pieces", self.prefix));
        let old = self.store.list(Some(&pieces)).try_filter_map(move |object| async move {
            let age = std::time::SystemTime::from(object.last_modified).elapsed();
            Ok(age.is_ok_and(|age| age > untouched).then_some(object.location))
        });
        self.delete_all(old).await
    }

    async fn delete_all(&self, keys: impl stream::Stream<Item = object_store::Result<Key>>) -> Result<(), Fault> {
        keys.map_err(Fault::from).try_for_each_concurrent(DELETIONS, |key| self.delete_one(key)).await
    }

    async fn delete_one(&self, key: Key) -> Result<(), Fault> {
        match self.store.delete(&key).await.map_err(Fault::from) {
            Err(Fault::Missing) | Ok(()) => Ok(()),
            Err(fault) => Err(fault),
        }
    }
}

/// The address as the client wants it: with the bucket in the host's name where it does not stand in the path.
fn endpoint(config: &StorageConfig) -> String {
    let endpoint = config.s3_endpoint.trim_end_matches('/');
    match endpoint.split_once("://") {
        Some((scheme, host)) if !config.s3_path_style => format!("{scheme}://{}.{host}", config.s3_bucket),
        _ => endpoint.to_owned(),
    }
}

/// The place of a piece, from its name.
fn range_of(name: &str) -> Option<(u64, u64)> {
    let (from, to) = name.split_once('-')?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (from < to).then_some((from, to))
}

/// Pieces that follow each other from the beginning to the end. There may be others beside them, from attempts whose answer was lost.
fn way_through(pieces: &BTreeSet<(u64, u64)>, size: u64) -> Option<Vec<(u64, u64)>> {
    // From each place the next one, where the end can be reached from there.
    let mut next: BTreeMap<u64, u64> = BTreeMap::new();
    for (from, to) in pieces.iter().rev() {
        if *to == size || next.contains_key(to) {
            next.insert(*from, *to);
        }
    }
    let mut way = Vec::new();
    let mut place = 0;
    while place != size {
        let to = *next.get(&place)?;
        way.push((place, to));
        place = to;
    }
    Some(way)
}

async fn read_part(file: &mut File) -> Result<Vec<u8>, Fault> {
    let mut part = Vec::with_capacity(PART);
    file.take(PART as u64).read_to_end(&mut part).await?;
    Ok(part)
}

async fn put_parts(upload: &mut dyn MultipartUpload, file: &mut File, first: Vec<u8>) -> Result<(), Fault> {
    let mut part = first;
    while !part.is_empty() {
        upload.put_part(Bytes::from(part).into()).await?;
        part = read_part(file).await?;
    }
    upload.complete().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{range_of, way_through};

    #[test]
    fn a_way_is_found_past_pieces_that_lead_nowhere() {
        let pieces: BTreeSet<(u64, u64)> = [(0, 4), (0, 6), (4, 7), (7, 10), (6, 8)].into();
        assert_eq!(way_through(&pieces, 10), Some(vec![(0, 4), (4, 7), (7, 10)]));
        assert_eq!(way_through(&pieces, 11), None);
        assert_eq!(way_through(&BTreeSet::new(), 1), None);
    }

    #[test]
    fn a_piece_is_named_after_its_place() {
        assert_eq!(range_of("000000000004-000000000007"), Some((4, 7)));
        for name in ["7-4", "4-4", "x-1", "4", ""] {
            assert_eq!(range_of(name), None, "{name}");
        }
    }
}
