//! Finds what to embed: `web/dist` where it was built, else an empty folder, so that a plain `cargo build` works without Node.

use std::{env, fs, path::PathBuf};

fn main() {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let built = manifest.join("../../web/dist");
    println!("cargo:rerun-if-changed={}", built.display());
    let folder = if built.join("console/index.html").exists() {
        built
    } else {
        println!("cargo:warning=the web parts are not built; run `make web` to have the console and the widget inside");
        let empty = PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("no-web");
        // Where this fails, the embedding says so at once.
        let _ = fs::create_dir_all(&empty);
        empty
    };
    println!("cargo:rustc-env=BALCAO_WEB_DIST={}", folder.display());
}
