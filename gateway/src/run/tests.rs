use super::*;
use crate::{
    shop::{self, Shop, TruePerson},
    stop::{self, Stopper},
    store::{self, Check},
};
use engine::{
    event::{Heard, Sighting},
    plan::ScannerIx,
    shopper::{Enrolment, IdentityKey, ShopperId},
    strength::Strength,
};
use protocol::beacon::Beacon;
use std::path::Path;
use tokio::task::JoinHandle;

/// A whole gateway but for its adapters.
struct Open {
    shop: Shop,
    stopper: Stopper,
    plans: mpsc::Sender<Arc<StorePlan>>,
    pseudonymiser: Pseudonymiser,
    running: JoinHandle<Result<(), RunError>>,
}

fn open(dir: &Path) -> Open {
    open_with(dir, config::demo().plan)
}

fn open_with(dir: &Path, plan: Arc<StorePlan>) -> Open {
    let shell = config::demo().shell;
    let storage = config::Storage {
        dir: dir.to_owned(),
        ballast_bytes: 0,
        ..shell.storage
    };
    let opened = store::open(&storage, shell.retention, &Check::Here).unwrap();
    let (door, counter) = shop::open(plan.clone());
    let (stopper, stop) = stop::channel();
    let (plan_tx, plans) = mpsc::channel(1);
    let pseudonymiser = opened.store.pseudonymiser();
    let parts = Parts {
        plan,
        counter,
        opened,
        clock: Clock::start(dir),
        plans,
        recorder: None,
        uplink: None,
        machine: watch::channel(MachineHealth::default()).1,
        demo: true,
    };
    Open {
        shop: door,
        stopper,
        plans: plan_tx,
        pseudonymiser,
        running: tokio::spawn(run(parts, stop)),
    }
}

impl Open {
    async fn close(self) {
        self.stopper.request();
        drop(self.shop);
        self.running.await.unwrap().unwrap();
    }

    async fn upsert(&self, customer: &str, version: u64) -> Outcome {
        let shopper = self.pseudonymiser.shopper(customer);
        let enrolment = Enrolment::consenting(shopper, version, Purposes::ALL);
        let ask = Ask::Upsert(Box::new(enrolment), Box::default(), Given::default());
        self.shop.ask(ask).await.unwrap()
    }
}

#[tokio::test]
async fn what_was_answered_done_is_known_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path());
    assert_eq!(first.upsert("C-1", 3).await, Outcome::Done);
    assert_eq!(first.upsert("C-1", 2).await, Outcome::Stale);
    first.close().await;
    let second = open(dir.path());
    assert_eq!(second.upsert("C-1", 2).await, Outcome::Stale);
    assert_eq!(second.upsert("C-1", 4).await, Outcome::Done);
    let shopper = second.pseudonymiser.shopper("C-1");
    let forgotten = second.shop.ask(Ask::Forget(shopper)).await;
    assert_eq!(forgotten, Ok(Outcome::Done));
    second.close().await;
    let third = open(dir.path());
    assert_eq!(third.upsert("C-1", 4).await, Outcome::Forgotten);
    third.close().await;
}

#[tokio::test]
async fn a_request_put_in_before_the_stop_is_answered_and_durable() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path());
    let (reply, answer) = oneshot::channel();
    let enrolment = Enrolment::consenting(ShopperId(5), 1, Purposes::ALL);
    let ask = Ask::Upsert(Box::new(enrolment), Box::default(), Given::default());
    first.shop.put(Input::Ask(ask, reply)).await.unwrap();
    first.stopper.request();
    assert_eq!(answer.await, Ok(Outcome::Done));
    first.close().await;
}

#[tokio::test]
async fn requests_about_nobody_are_answered() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = open(dir.path());
    for ask in [
        Ask::Forget(ShopperId(9)),
        Ask::Withdraw(ShopperId(9), Purposes::ALL, Given::default()),
        Ask::WithdrawVisit(9),
    ] {
        assert_eq!(gateway.shop.ask(ask).await, Ok(Outcome::Unknown));
    }
    gateway.close().await;
}

#[tokio::test]
async fn the_console_sees_truth_health_and_a_changed_plan_but_no_customer() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = open(dir.path());
    let person = TruePerson {
        x_m: 1.0,
        y_m: 2.0,
        level: 0,
        customer: Some("canary-customer".to_owned()),
        visit: Some(77),
        opted_in: true,
    };
    let truth = Truth {
        people: vec![person],
    };
    gateway.shop.put(Input::Truth(truth)).await.unwrap();
    gateway.shop.put(Input::Link(true)).await.unwrap();
    let mut live = gateway.shop.live();
    let seen = live
        .wait_for(|live| live.health.broker)
        .await
        .unwrap()
        .clone();
    assert!(seen.health.store && seen.health.rss_bytes > 0);
    let person = &seen.truth.as_ref().unwrap().people[0];
    assert_eq!((person.customer.clone(), person.visit), (None, None));
    let mut changed = StorePlan::clone(&gateway.shop.plan());
    changed.offers.clear();
    gateway.plans.send(Arc::new(changed)).await.unwrap();
    let no_offers = live.wait_for(|live| live.status.offers.is_empty()).await;
    no_offers.map(drop).unwrap();
    assert!(gateway.shop.plan().offers.is_empty());
    gateway.close().await;
}

#[tokio::test]
async fn what_was_learnt_of_radio_is_known_after_a_restart_in_the_same_shop() {
    let dir = tempfile::tempdir().unwrap();
    let mut plan = StorePlan::clone(&config::demo().plan);
    plan.presence.absent_after_ms = 1_000;
    let first = open_with(dir.path(), Arc::new(plan.clone()));
    let unlearnt = first.shop.radio().await.unwrap();
    let fob = Beacon::EddystoneUid {
        namespace: [7; 10],
        instance: [1; 6],
    };
    let enrolment = Enrolment {
        keys: vec![IdentityKey::Fixed(fob)],
        ..Enrolment::consenting(ShopperId(5), 1, Purposes::ALL)
    };
    let ask = Ask::Upsert(Box::new(enrolment), Box::default(), Given::default());
    assert_eq!(first.shop.ask(ask).await, Ok(Outcome::Done));
    let sighting = Event::Sighting(Sighting {
        scanner: ScannerIx(0),
        beacon: fob,
        strength: Strength::of_one(-50.0),
        reference_dbm: None,
        heard: Heard::OnReceipt,
    });
    first.shop.put(Input::Event(sighting)).await.unwrap();
    // A visit teaches when it ends.
    let mut live = first.shop.live();
    let mut here = async |n: usize| {
        live.wait_for(|l| l.status.visits.len() == n)
            .await
            .map(drop)
    };
    here(1).await.unwrap();
    here(0).await.unwrap();
    let learnt = first.shop.radio().await.unwrap();
    assert_ne!(learnt, unlearnt);
    first.close().await;
    let second = open_with(dir.path(), Arc::new(plan.clone()));
    assert_eq!(second.shop.radio().await.unwrap(), learnt);
    second.close().await;
    plan.scanners[2].at.x += 1.0;
    let moved = open_with(dir.path(), Arc::new(plan));
    assert_eq!(moved.shop.radio().await.unwrap(), unlearnt);
    moved.close().await;
}
