//! What the service says to the database: to compare what two requests do before they are answered.

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Every statement of this process, in order, without its values.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Listens from now on, to connections that are not made yet.
    #[must_use]
    pub fn of_the_process() -> Self {
        static HEARD: OnceLock<Statements> = OnceLock::new();
        HEARD
            .get_or_init(|| {
                let heard = Self::default();
                let listener = heard.clone();
                let listen = move || {
                    let heard = listener.clone();
                    let listen = move |event: InstrumentationEvent<'_>| heard.hear(&event);
                    Some(Box::new(listen) as Box<dyn diesel::connection::Instrumentation>)
                };
                set_default_instrumentation(listen).expect("nobody else listens");
                heard
            })
            .clone()
    }

    /// What was said since the last time it was asked.
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

/// What stands in quotes in a statement without parameters (`act_as`) is a value.
fn without_values(said: &str) -> String {
    let parts = said.split('\'').enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { part } else { "?" }).collect::<Vec<_>>().join("'")
}
