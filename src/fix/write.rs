//! Writing a file so that it is the old or the new one at every moment.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Writes `after` to `to`, where `from` (none for a new file) still has to hold `before`.
pub fn write(from: Option<&Path>, to: &Path, before: &[u8], after: &[u8]) -> Result<(), String> {
    let Some(from) = from else {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        return add(to, after).map_err(|error| error.to_string());
    };
    if before != after {
        replace(from, before, after)?;
    } else if !holds(from, before) {
        return Err(CHANGED.to_owned());
    }
    if from != to {
        if to.exists() {
            return Err("there is a file of this name".to_owned());
        }
        fs::rename(from, to).map_err(|error| error.to_string())?;
    }
    Ok(())
}

const CHANGED: &str = "it changed in the meantime";

fn holds(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).is_ok_and(|now| now == bytes)
}

/// Writes a file that must not exist yet.
fn add(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Puts a file with the new content and the old permissions and owner in the place of the old one.
fn replace(path: &Path, before: &[u8], after: &[u8]) -> Result<(), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.acquis-{}", std::process::id()));
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    let done = add(&beside, after)
        .and_then(|()| keep_owner(&beside, &metadata))
        .and_then(|()| fs::set_permissions(&beside, metadata.permissions()))
        .map_err(|error| error.to_string())
        .and_then(|()| if holds(path, before) { Ok(()) } else { Err(CHANGED.to_owned()) })
        .and_then(|()| fs::rename(&beside, path).map_err(|error| error.to_string()));
    if done.is_err() {
        // What is left beside the file is ours alone.
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Gives a file the owner and group of another: who works as root on somebody else's files leaves them to them.
#[cfg(unix)]
fn keep_owner(path: &Path, of: &fs::Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let now = fs::metadata(path)?;
    let change = |old: u32, new: u32| (old != new).then_some(old);
    // Others may not give files away, and keep at most the group.
    let _ = chown(path, None, change(of.gid(), now.gid()));
    let _ = chown(path, change(of.uid(), now.uid()), None);
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &fs::Metadata) -> std::io::Result<()> {
    Ok(())
}
