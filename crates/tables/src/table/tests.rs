use std::io;

use sha2::{Digest as _, Sha256};

use super::*;

fn table(text: &'static [u8], has_header: bool) -> Result<Table, TableError> {
    let dialect = Dialect {
        has_header,
        ..Dialect::default()
    };
    Table::new(Box::new(text), &dialect, Limit::default())
}

fn in_memory(bytes: Vec<u8>) -> Result<Table, TableError> {
    Table::new(
        Box::new(io::Cursor::new(bytes)),
        &Dialect::default(),
        Limit::default(),
    )
}

fn message(result: Result<impl Sized, TableError>) -> String {
    result.err().expect("an error of the data").story.en
}

#[test]
fn a_byte_order_mark_and_a_missing_header_are_handled() {
    let mut with_mark = table(b"\xef\xbb\xbfid,x\n1,2\n", true).unwrap();
    assert_eq!(with_mark.names, ["id", "x"]);
    let mut row = StringRecord::new();
    assert!(with_mark.read(&mut row).unwrap());
    assert_eq!((line_of(&row), &row[0]), (2, "1"));
    let mut bare = table(b"a,b\nc,d\n", false).unwrap();
    assert_eq!(bare.names, ["1", "2"]);
    assert!(bare.read(&mut row).unwrap());
    assert_eq!(&row[0], "a");
}

#[test]
fn errors_name_the_line_to_their_owner_alone() {
    let mut row = StringRecord::new();
    let mut ragged = table(b"id,x\n1,2\nsecret\n", true).unwrap();
    assert!(ragged.read(&mut row).unwrap());
    assert_eq!(
        message(ragged.read(&mut row)),
        "line 3 of the input has 1 fields, the first line has 2; correct the line, or set `delimiter`"
    );
    assert_eq!(message(table(b"", true)), "the input is empty");
    assert!(message(ragged.column("nope")).contains("`nope`"));
}

#[test]
fn tables_are_read_in_the_forms_that_people_have() {
    let utf16 = |big: bool| -> Vec<u8> {
        let text = "\u{feff}id\tname\n1\tZoë\n";
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    let gbk = encoding_rs::GB18030
        .encode("id,name\n1,上海市浦东新区\n2,北京市海淀区\n")
        .0
        .into_owned();
    let latin = encoding_rs::WINDOWS_1252
        .encode("id;name\n1;Jérôme à Genève\n2;Müller\n")
        .0
        .into_owned();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, b" id | name \n1|x\n id | name \n2|y\n").unwrap();
    let plain = b" id | name \n1|x\n id | name \n2|y\n";
    let zstd = zstd::encode_all(&plain[..], 3).unwrap();
    // As tools write it that use several cores: a frame to be skipped, and several frames.
    let skipped = [
        &b"\x50\x2a\x4d\x18\x02\0\0\0ab"[..],
        &zstd,
        &zstd::encode_all(&b"3|z\n"[..], 1).unwrap(),
    ]
    .concat();
    for (bytes, name, delimiter) in [
        (utf16(false), "Zoë", b'\t'),
        (utf16(true), "Zoë", b'\t'),
        (gbk, "上海市浦东新区", b','),
        (latin, "Jérôme à Genève", b';'),
        (gzip.finish().unwrap(), "x", b'|'),
        (zstd, "x", b'|'),
        (skipped, "x", b'|'),
    ] {
        let mut table = in_memory(bytes).unwrap();
        assert_eq!(
            (table.names.join(" "), table.delimiter),
            ("id name".to_owned(), delimiter),
            "{}",
            table.form
        );
        let mut row = StringRecord::new();
        assert!(table.read(&mut row).unwrap());
        assert_eq!((&row[0], &row[1]), ("1", name));
        while table.read(&mut row).unwrap() {
            assert_ne!(row[0].trim(), "id", "the header is no row");
        }
    }
}

#[test]
fn what_is_no_table_is_named() {
    for (bytes, words) in [
        (&b"PK\x03\x04....xl/workbook.xml"[..], "an Excel workbook"),
        (b"PK\x03\x04....a.csv", "a ZIP archive"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (
            b"\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            "the zstd input cannot be unpacked",
        ),
        (b"BZh91AY", "compressed with bzip2"),
        (b"\x7fELF\0\0\0\0\x01\x02", "binary data"),
        (b"\x1f\x8bno gzip at all", "the gzip input cannot be unpacked"),
    ] {
        let error = message(table(bytes, true));
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn bytes_that_do_not_fit_are_told_with_their_line_and_the_way_out() {
    let lines = "1,a\n".repeat(40_000);
    let text: &'static [u8] = format!("id,x\n{lines}").leak().as_bytes();
    let bad: &'static [u8] = [text, b"2,caf\xe9\n"].concat().leak();
    let mut table = table(bad, true).unwrap();
    let mut row = StringRecord::new();
    let error = loop {
        match table.read(&mut row) {
            Ok(more) => assert!(more),
            error => break message(error),
        }
    };
    assert!(
        error.contains("line 40002") && error.contains("set `encoding`"),
        "{error}"
    );
}

#[test]
fn a_field_and_a_row_have_limits() {
    let mut row = StringRecord::new();
    let field = format!("id,x\n1,{}\n", "a".repeat((1 << 20) + 1)).leak();
    let wide = format!("id,x\n1,{}\n", "a,".repeat(5 << 20)).leak();
    for (text, words) in [
        (field, "line 2 of the input has a field"),
        (wide, "line 2 of the input has a row"),
    ] {
        let read = table(text.as_bytes(), true).and_then(|mut table| table.read(&mut row));
        assert!(message(read).starts_with(words));
    }
}

#[test]
fn the_limits_are_the_settings() {
    let limit = Limit {
        field_bytes: 10,
        row_bytes: 20,
        section: Some("engines.local"),
    };
    let mut row = StringRecord::new();
    for (text, words) in [
        (&b"id,x\n1,aaaaaaaaaaa\n"[..], Some("max_field_kib")),
        (b"a,b,c\n1,aaaaaaaaa,bbbbbbbbb\n", Some("max_row_kib")),
        (b"id,x\n1,aaaaaaaaa\n", None),
    ] {
        let read =
            Table::new(Box::new(text), &Dialect::default(), limit).and_then(|mut table| table.read(&mut row));
        match words {
            Some(words) => assert!(message(read).contains(words)),
            None => assert!(read.unwrap()),
        }
    }
}

#[test]
fn a_compressed_table_that_was_cut_off_is_told_and_its_beginning_can_be_looked_at() {
    // Not so regular that it shrinks to nothing.
    let digest = |row: usize| hex::encode(Sha256::digest(row.to_le_bytes()));
    let text: String = (0..20_000)
        .map(|row| format!("{row},{}\n", digest(row)))
        .collect();
    let text = format!("id,x\n{text}");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, text.as_bytes()).unwrap();
    for whole in [
        gzip.finish().unwrap(),
        zstd::encode_all(text.as_bytes(), 3).unwrap(),
    ] {
        for length in [whole.len() / 2, whole.len() / 3] {
            let mut table = in_memory(whole[..length].to_vec()).unwrap();
            assert_eq!(table.names, ["id", "x"]);
            let (mut row, mut rows) = (StringRecord::new(), 0);
            let error = loop {
                match table.read(&mut row) {
                    Ok(true) => rows += 1,
                    Ok(false) => panic!("the end was not missed"),
                    Err(error) => break error,
                }
            };
            assert!(rows > 100 && error.fault == Fault::CutOff, "{rows}, {error:?}");
        }
        let error = in_memory(whole[..12].to_vec()).err().unwrap();
        assert!(error.fault == Fault::CutOff, "{error:?}");
    }
}

#[test]
fn a_zstd_file_that_would_take_much_memory_is_refused() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(26).unwrap();
    std::io::Write::write_all(&mut encoder, b"id,x\n1,2\n").unwrap();
    let error = message(in_memory(encoder.finish().unwrap()));
    assert!(error.contains("without `--long`"), "{error}");
}

#[test]
fn a_quote_that_is_never_closed_is_told_with_its_line() {
    let mut row = StringRecord::new();
    let mut read = |text: &'static str| {
        let mut table = table(text.as_bytes(), true)?;
        while table.read(&mut row)? {}
        Ok::<(), TableError>(())
    };
    let stray = "id,x\n1,a\n2,\"b\n3,c\n4,d\n";
    let unclosed = "the quote that opens on line 3 of the input is never closed";
    assert_eq!(message(read(stray)), unclosed);
    assert_eq!(
        message(read("\u{feff}\"id,x\n1,a\n")),
        "the quote that opens on line 1 of the input is never closed"
    );
    for good in [
        "id,x\n1,\"a\"\"b\"\n",
        "id,x\n1,5\" pipe\n",
        "id,x\n1,\"two\nlines\"",
        "id,x\r\n\"1\",\"a\"\r\n",
        "\u{feff}\"id\",x\n1,a\n",
    ] {
        assert_eq!(read(good), Ok(()), "{good}");
    }
}
