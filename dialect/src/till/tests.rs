use super::*;
use crate::{Fact, Unreadable, fact::Says, mapper::Place};
use serde_json::{Value as Json, json};

fn place(text: &str) -> Place {
    Place::parse(text).unwrap()
}

fn shape(receipt: &str) -> Shape {
    Shape {
        receipt: place(receipt),
        time: None,
        store: None,
        store_is: None,
        customer: None,
        void: None,
        refund: None,
        returned_from: None,
        coupons: Vec::new(),
        total: None,
        lines: None,
        decimals: 0,
    }
}

fn lines() -> Lines {
    Lines {
        sku: place("/lineItems/*/item_code"),
        qty: Some(place("/lineItems/*/qty")),
        amount: Some(place("/lineItems/*/amount")),
    }
}

/// What is told of a receipt, with its time beside it.
fn told(shape: &Shape, payload: &Json) -> Result<Vec<Json>, Unreadable> {
    let mut told = Vec::new();
    shape.read(payload.to_string().as_bytes(), &mut |fact: Fact<'_>| {
        let Says::Receipt(receipt) = fact.says else {
            panic!("a till tells receipts");
        };
        let mut said = serde_json::to_value(receipt).unwrap();
        if let Time::Zoneless(text) = fact.source.time {
            said["ts_local"] = text.into();
        }
        told.push(said);
    })?;
    Ok(told)
}

/// developer.dealpos.com, webhook "sales-order" (shortened).
#[test]
fn a_sales_order_of_dealpos() {
    let dealpos = Shape {
        time: Some(place("/Created")),
        store: Some(place("/Outlet")),
        store_is: Some("Offline".to_owned()),
        void: Some(Flagged {
            at: place("/Void"),
            when: vec!["Yes".to_owned()],
        }),
        coupons: vec![place("/Coupon")],
        total: Some(place("/Gross")),
        ..shape("/Number")
    };
    let order = json!({
        "Outlet": "Offline", "Number": "B1.22.07.00025", "Date": "2022-07-25T00:00:00",
        "Created": "2022-07-25T16:14:03.9", "Gross": 7_800_000, "Coupon": "KUPON123",
        "Void": "No", "Variants": []
    });
    let told_of = told(&dealpos, &order).unwrap();
    let [receipt] = told_of.as_slice() else {
        panic!("one order is one receipt: {told_of:?}");
    };
    for (name, expected) in [
        ("receipt", json!("B1.22.07.00025")),
        ("coupon", json!("KUPON123")),
        ("gross", json!(7_800_000.0)),
        ("total_minor", json!(7_800_000)),
        ("void", json!(false)),
        ("ts_local", json!("2022-07-25T16:14:03.9")),
        ("customer_given", json!(false)),
    ] {
        assert_eq!(receipt[name], expected, "{name}");
    }
    let mut elsewhere = order;
    elsewhere["Outlet"] = "Online".into();
    assert!(told(&dealpos, &elsewhere).unwrap().is_empty());
}

/// frappe docs, guides/integration/webhooks: the operator names the fields.
#[test]
fn a_webhook_of_frappe() {
    let frappe = Shape {
        lines: Some(lines()),
        decimals: 2,
        ..shape("/id")
    };
    let order = json!({
        "lineItems": [{"item_code": "I1", "item_name": "I1", "qty": 1.0, "rate": 1.0,
                       "amount": 1.0, "uom": "Unit", "discount_percentage": 0.0}],
        "id": "QTN-00001"
    });
    let receipt = &told(&frappe, &order).unwrap()[0];
    let line = json!({"sku": "I1", "qty": 1.0, "amount": 1.0, "amount_minor": 100});
    assert_eq!(
        (&receipt["receipt"], &receipt["lines"]),
        (&json!("QTN-00001"), &json!([line]))
    );
}

#[test]
fn goods_that_come_back_count_against_whatever_sign_the_till_writes() {
    let till = Shape {
        refund: Some(Flagged {
            at: place("/is_return"),
            when: Vec::new(),
        }),
        lines: Some(lines()),
        ..shape("/id")
    };
    for (qty, amount) in [(2.0, 500.0), (-2.0, -500.0), (2.0, -500.0)] {
        let back = json!({"id": 7, "is_return": 1,
                          "lineItems": [{"item_code": "a", "qty": qty, "amount": amount}]});
        let receipt = &told(&till, &back).unwrap()[0];
        let line = json!({"sku": "a", "qty": -2.0, "amount": -500.0, "amount_minor": -500});
        assert_eq!(receipt["lines"], json!([line]));
    }
}

#[test]
fn a_receipt_is_read_whole_or_not_at_all() {
    let till = Shape {
        void: Some(Flagged {
            at: place("/void"),
            when: Vec::new(),
        }),
        lines: Some(lines()),
        ..shape("/id")
    };
    let line = json!({"item_code": "a", "qty": 1, "amount": 1});
    for wrong in [
        json!({}),
        json!({"id": ""}),
        json!({"id": "1", "void": "perhaps"}),
        json!({"id": "1", "lineItems": [line, {"item_code": "b", "qty": 1}]}),
        json!({"id": "1", "lineItems": [line, {"item_code": null, "qty": 1, "amount": 1}]}),
        json!({"id": "1", "lineItems": [{"item_code": "a", "qty": 1, "amount": 1e300}]}),
        json!({"id": "1", "lineItems": vec![line.clone(); MAX_LINES + 1]}),
        json!({"id": "x".repeat(MAX_TEXT + 1)}),
        json!([]),
    ] {
        assert!(told(&till, &wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_is_weighed_counts_as_one_piece() {
    for (qty, pieces) in [
        (3.0, 3),
        (-2.0, -2),
        (0.532, 1),
        (-1.25, -1),
        (1e12, i32::MAX),
    ] {
        let line = Line {
            sku: "a".into(),
            qty,
            amount: 0.0,
            amount_minor: 0,
        };
        assert_eq!(line.pieces(), pieces, "{qty}");
    }
}

#[test]
fn neither_customer_nor_goods_are_printed() {
    let till = Shape {
        customer: Some(place("/card")),
        lines: Some(lines()),
        ..shape("/id")
    };
    let sale = json!({"id": "r-77", "card": "C-100",
                      "lineItems": [{"item_code": "secret", "qty": 1, "amount": 1}]});
    let mut printed = String::new();
    till.with(sale.to_string().as_bytes(), |r| printed = format!("{r:?}"))
        .unwrap();
    assert_eq!(printed, "receipt(1 lines, redacted)");
    assert!(!told(&till, &sale).unwrap()[0].to_string().contains("C-100"));
}
