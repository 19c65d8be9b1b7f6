"""What the worker does for messages, for its own queue, and for what runs out by itself."""

from __future__ import annotations

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from accounts.expiry import forget_what_ran_out
from messaging.alerts import escalate
from messaging.clock import require_a_right_clock
from messaging.delivery import deliver_due
from messaging.jobs import every
from messaging.page_feedback import forget_old_feedback
from messaging.receipts import ask_about_texts
from messaging.role_ends import sign_out_whose_role_ended, tell_of_ends
from messaging.sign_in_codes import LETTER_JOB, SEND_JOB, send_code, send_letter

DELIVERY = "messaging.tasks.deliver"
STALLED_AFTER = 60  # seconds without a sign of life
KEEP_FAILED_HOURS = 24 * 14


@every("* * * * * */5")
def deliver() -> None:
    deliver_due()


@every("* * * * *")
def ask_what_became_of_texts() -> None:
    ask_about_texts()


@every("* * * * *")
def tell_the_next_on_call() -> None:
    """Every minute: what cannot wait and nobody has taken is told to the next name."""
    escalate()


@every("50 6 * * *")
def tell_whose_role_ends() -> None:
    """Every morning: staff and partners whose role ends soon are told, so that they can ask for it to go on."""
    tell_of_ends()


@every("2 * * * *")
def sign_out_after_the_last_day() -> None:
    """Every hour, so that it is two minutes after midnight by every clock."""
    sign_out_whose_role_ended()


@app.task(name=SEND_JOB, retry=RetryStrategy(max_attempts=4, wait=5), pass_context=True)
def send_sign_in_code(context: JobContext, sealed: str) -> None:
    """Safe to repeat: the carrier is asked first whether it has it. Whoever waits asks for another in the meantime."""
    require_a_right_clock()
    send_code(sealed, again=bool(context.job.attempts))


@app.task(name=LETTER_JOB, retry=RetryStrategy(max_attempts=10, linear_wait=10), pass_context=True)
def send_sign_in_letter(context: JobContext, sealed: str) -> None:
    """Tried for as long as a link is good: a mailbox that gets the same letter twice shows it once."""
    require_a_right_clock()
    send_letter(sealed)


@app.periodic(cron="*/2 * * * *")
@app.task(name="messaging.tasks.retry_stalled", queueing_lock="retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Jobs of a worker that was killed stay "doing" for ever, unless somebody takes them up."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # the same work waits already
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)


@app.periodic(cron="17 3 * * *")
@app.task(name="messaging.tasks.forget_old_jobs", queueing_lock="forget_old_jobs")
async def forget_old_jobs(timestamp: int) -> None:
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True)


@every("45 3 * * *")
def forget_sessions_and_counts() -> None:
    forget_what_ran_out()


@every("12 4 * * *")
def forget_what_was_said_of_pages() -> None:
    """Every night: what came a year ago."""
    forget_old_feedback()
