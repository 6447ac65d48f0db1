//! What a contact sets going once it is tied to a young person: an answer that is asked for (HL-6), and the clocks of
//! one who does not follow the plan (HL-9).

use crate::error::StoreError;
use crate::event_log::Change;
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{Date, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::calendar::day_of;
use domain::hotline::{Contact, Life, Topic, Urgency};
use domain::ids::ContactId;
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use serde_json::json;
use uuid::Uuid;

/// What a contact is about, as far as something follows from it.
#[derive(Debug, Clone, Copy)]
pub struct Matter {
    /// About what.
    pub topic: Topic,
    /// How soon it is to be answered.
    pub urgency: Urgency,
    /// Of a 15-17-year-old who does not follow the plan.
    pub plan_not_followed: bool,
}

/// The clock that runs for a young person.
#[derive(QueryableByName)]
struct Clock {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    id: Option<Uuid>,
}

impl Tx {
    /// A contact is tied to a young person: logged so, or tied later. Starts the clocks of one who does not follow the plan,
    /// and asks for an answer.
    pub async fn contact_is_tied<A>(
        &mut self,
        permit: &Permit<A>,
        id: ContactId,
        contact: &Contact,
        matter: Matter,
    ) -> Result<(), StoreError> {
        if matter.plan_not_followed {
            self.start_clocks_of_contact(permit, id, contact).await?;
        }
        self.contact_is_to_be_answered(id, contact, matter).await
    }

    /// A contact that is unanswered: asks for an answer, where somebody is about to drop out or does not follow the plan.
    pub async fn contact_is_to_be_answered(
        &mut self,
        id: ContactId,
        contact: &Contact,
        matter: Matter,
    ) -> Result<(), StoreError> {
        let waits = matches!(contact.life, Life::Open | Life::Taken(_))
            && contact.young_person.is_some()
            && contact.concern.is_none();
        if waits && (matter.plan_not_followed || matter.topic == Topic::DropOutRisk) {
            let due_on = matter.urgency.asked_by(contact.due_at, day_of(self.now()));
            self.ask_to_answer(id, due_on).await?;
        }
        Ok(())
    }

    /// HL-9: contact with a 15-17-year-old within 5 working days of the call, and a new activity within 30 days of it;
    /// not where the clocks run already.
    async fn start_clocks_of_contact<A>(
        &mut self,
        permit: &Permit<A>,
        id: ContactId,
        contact: &Contact,
    ) -> Result<(), StoreError> {
        let new = Uuid::now_v7();
        let clock: Clock = diesel::sql_query("SELECT start_clocks_of_contact($1, $2) AS id")
            .bind::<SqlUuid, _>(new)
            .bind::<SqlUuid, _>(id.0)
            .get_result(self.conn())
            .await?;
        if clock.id == Some(new) {
            let payload = json!({ "contactId": id });
            let kind = EventKind::ActivityClocksStarted;
            let change = Change { kind, subject: &new, payload: &payload };
            self.record_for(permit, contact.young_person, change).await?;
        }
        Ok(())
    }

    /// HL-6: asks the coordinating caseworker, or the unit, and tells the contact person.
    async fn ask_to_answer(&mut self, id: ContactId, due_on: NaiveDate) -> Result<(), StoreError> {
        diesel::sql_query("SELECT ask_to_answer($1, $2, $3, $4)")
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .bind::<SqlUuid, _>(id.0)
            .bind::<Date, _>(due_on)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// It was answered: nobody is asked to answer it any more, and the contact person's notice falls away.
    pub async fn contact_is_answered(&mut self, id: ContactId) -> Result<(), StoreError> {
        self.task_done(TaskKind::AnswerHotline, id.0).await?;
        self.contact_is_of_another(id).await
    }

    /// It is about somebody else, or nobody: whoever was asked to answer it, or told of it, is so no more.
    pub async fn contact_is_of_another(&mut self, id: ContactId) -> Result<(), StoreError> {
        self.all_tasks_done(id.0).await
    }
}
