//! What a contact sets going once it is tied to a young person: an answer that is asked for (HL-6), and the clocks of
//! one who does not follow the plan (HL-9).

use crate::error::StoreError;
use crate::store::Tx;
use diesel::sql_types::{Date, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::calendar::day_of;
use domain::hotline::{Contact, Life, Topic};
use domain::ids::ContactId;
use domain::tasks::TaskKind;
use uuid::Uuid;

impl Tx {
    /// A contact is tied to a young person and unanswered: logged so, tied later, or open again.
    pub async fn contact_is_to_be_answered(
        &mut self,
        id: ContactId,
        contact: &Contact,
        topic: Topic,
        plan_not_followed: bool,
    ) -> Result<(), StoreError> {
        let waits =
            matches!(contact.life, Life::Open | Life::Taken(_)) && contact.concern.is_none();
        if !waits || contact.young_person.is_none() {
            return Ok(());
        }
        if plan_not_followed {
            self.start_clocks_of_contact(id, contact).await?;
        } else if topic == Topic::DropOutRisk {
            self.ask_to_answer(id, contact).await?;
        }
        Ok(())
    }

    /// HL-9: contact with the young person within 5 working days, and a new activity within 30 calendar days of it. Those
    /// two clocks are to be started here; until there are tasks for them an answer is asked for.
    async fn start_clocks_of_contact(
        &mut self,
        id: ContactId,
        contact: &Contact,
    ) -> Result<(), StoreError> {
        self.ask_to_answer(id, contact).await
    }

    /// HL-6: asks the coordinating caseworker, or the unit, and tells the contact person.
    async fn ask_to_answer(&mut self, id: ContactId, contact: &Contact) -> Result<(), StoreError> {
        diesel::sql_query("SELECT ask_to_answer($1, $2, $3, $4)")
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .bind::<SqlUuid, _>(id.0)
            .bind::<Date, _>(day_of(contact.due_at))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// It was answered, or is about somebody else: nobody is asked to answer it any more.
    pub async fn contact_is_answered(&mut self, id: ContactId) -> Result<(), StoreError> {
        self.task_done(TaskKind::AnswerHotline, id.0).await
    }
}
