//! The statements that the service sends to the database. Tests use them to compare the work of two requests before
//! their responses.

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

thread_local! {
    /// A test has a thread of its own, and its connections are opened on it.
    static HEARD: RefCell<Option<Statements>> = const { RefCell::new(None) };
}

/// Every statement of a test, in order, without its values.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Records the statements of this test from now on, on connections that are opened later.
    #[must_use]
    pub fn of_this_test() -> Self {
        set_default_instrumentation(listener).expect("no other instrumentation");
        HEARD.with_borrow_mut(|heard| heard.get_or_insert_default().clone())
    }

    /// The statements since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn hear(&self, event: &InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let said = query.to_string();
            let said = said.split("-- binds").next().unwrap_or_default().trim().to_owned();
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(without_values(&said));
        }
    }
}

fn listener() -> Option<Box<dyn Instrumentation>> {
    let heard = HEARD.with_borrow(Clone::clone)?;
    Some(Box::new(move |event: InstrumentationEvent<'_>| heard.hear(&event)))
}

/// Quoted text in a statement without parameters (`act_as`) is a value.
fn without_values(said: &str) -> String {
    let parts = said.split('\'').enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { part } else { "?" }).collect::<Vec<_>>().join("'")
}
