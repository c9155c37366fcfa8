//! After the whole suite: nothing that it planted is in what its programs have left.

use std::fs;
use tests::canaries;

#[test]
#[ignore = "by `cargo suite canaries`, after the rest"]
fn nothing_that_was_planted_is_in_what_the_programs_left() {
    let left = canaries::left();
    let (found, files) = canaries::search(&left);
    assert!(
        files >= 20,
        "{files} files in {}: run `cargo suite test` first",
        left.display()
    );
    assert!(found.is_empty(), "{found:#?}");
    eprintln!(
        "{} canaries, {files} logs and pages of figures searched: 0 found",
        canaries::planted().len()
    );
    fs::remove_dir_all(left).expect("target can be written");
}
