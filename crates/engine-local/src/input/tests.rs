use super::*;

#[test]
fn files_are_found_only_below_the_folders() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("data");
    std::fs::create_dir_all(folder.join("deep")).unwrap();
    std::fs::write(folder.join("deep/a.csv"), "x").unwrap();
    std::fs::write(root.path().join("secret.csv"), "x").unwrap();
    std::os::unix::fs::symlink(root.path().join("secret.csv"), folder.join("link.csv")).unwrap();
    let folders = [folder.clone()];
    assert!(find_file("deep/a.csv", &folders).is_ok());
    assert!(find_file(folder.join("deep/a.csv").to_str().unwrap(), &folders).is_ok());
    for refused in [
        "../secret.csv",
        "link.csv",
        "/etc/hostname",
        "deep",
        "",
        "absent.csv",
    ] {
        assert!(find_file(refused, &folders).is_err(), "{refused}");
    }
    assert!(find_file("deep/a.csv", &[]).is_err());
}
