//! Receipts of tills, from the till's own JSON to what the engine counts. The
//! same for HTTP and MQTT.

pub mod codes;

use crate::{pseudonym::Pseudonymiser, voucher::Codes};
use dialect::{Unreadable, gs1, till};
use engine::event::{Basket, BasketLine, CouponNumber, Receipt};

/// Reads a receipt; nothing when it is of another shop.
pub fn read(
    till: &config::Till,
    payload: &[u8],
    pseudonym: &Pseudonymiser,
    codes: &Codes,
) -> Result<Option<Box<Receipt>>, Unreadable> {
    let mut read = None;
    till.shape.with(payload, |receipt| {
        read = Some(Box::new(counted(&till.id, receipt, pseudonym, codes)));
    })?;
    Ok(read)
}

fn counted(
    till: &str,
    receipt: &till::Receipt<'_>,
    pseudonym: &Pseudonymiser,
    codes: &Codes,
) -> Receipt {
    let named = |number: &str| named(till, number);
    let customer = receipt.customer.as_deref();
    let lines = receipt.lines.iter().map(|line| BasketLine {
        sku: line.sku.to_string(),
        pieces: line.pieces(),
        amount_minor: line.amount_minor,
    });
    Receipt {
        basket: Basket {
            receipt: named(&receipt.receipt),
            shopper: customer.map(|reference| pseudonym.shopper(reference)),
            lines: lines.collect(),
        },
        is_void: receipt.void,
        returned_from: receipt.returned_from.as_deref().map(named),
        codes: receipt.coupons.iter().filter_map(|c| coupon(c)).collect(),
        vouchers: receipt
            .coupons
            .iter()
            .filter_map(|c| codes.verify(c))
            .collect(),
    }
}

/// Two tills may number their receipts alike.
fn named(till: &str, number: &str) -> String {
    format!("{till}/{number}")
}

/// A coupon that may be ours: AI (255) with a serial, however the till writes
/// it. Coupons of others are the till's business.
fn coupon(text: &str) -> Option<CouponNumber> {
    let code = gs1::parse(text);
    let bare = || {
        // The digits behind the identifier, as tills print them.
        let parsed = gs1::parse(&format!("255{text}"));
        Some(parsed).filter(|code| code.valid)
    };
    let code = if code.coupon_number().is_some() {
        code
    } else {
        bare()?
    };
    let (number, serial) = code.coupon_number()?;
    Some(CouponNumber {
        number: number.to_owned(),
        serial: serial.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coupon_is_known_however_the_till_writes_it() {
        for text in [
            "https://id.gs1.org/255/9520123456788000000000042",
            "(255)9520123456788000000000042",
            "2559520123456788000000000042",
            "9520123456788000000000042",
            "]Q32559520123456788000000000042",
        ] {
            let coupon = coupon(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (coupon.number.as_str(), coupon.serial),
                ("9520123456788", 42)
            );
        }
        for text in ["KUPON123", "", "9520123456788", "9520123456789000000000042"] {
            assert_eq!(coupon(text), None, "{text}");
        }
    }

    #[test]
    fn the_customer_is_a_pseudonym_and_the_till_is_part_of_the_number() {
        let shop = config::demo();
        let till = &shop.shell.tills[0];
        let pseudonym = Pseudonymiser::new([7; 16]);
        let sale = r#"{"number": "R-1", "outlet": "Quận 7", "customer": {"code": "C-100"},
                       "lines": [{"sku": "tra-dao-loc-6", "qty": 2, "amount": 78000}]}"#;
        let codes = Codes::default();
        let receipt = read(till, sale.as_bytes(), &pseudonym, &codes);
        let receipt = receipt.unwrap().unwrap();
        assert_eq!(receipt.basket.receipt, "pos/R-1");
        assert_eq!(receipt.basket.shopper, Some(pseudonym.shopper("C-100")));
        assert_eq!(receipt.basket.lines[0].amount_minor, 78_000);
        let elsewhere = sale.replace("Quận 7", "Quận 1");
        assert_eq!(
            read(till, elsewhere.as_bytes(), &pseudonym, &codes),
            Ok(None)
        );
        assert!(read(till, b"{}", &pseudonym, &codes).is_err());
    }
}
