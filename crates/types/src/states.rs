//! The states and kinds of things that have a story: each a short list of words.

use crate::text_enum::text_enum;

/// A word that stands for none of an enum's variants.
#[derive(Clone, Copy, Debug)]
pub struct UnknownWord;

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unknown word")
    }
}

impl std::error::Error for UnknownWord {}

text_enum! {
    /// Where a conversation stands.
    ConversationState { Bot = "bot", Queue = "queue", Open = "open", Closed = "closed" }
}

impl ConversationState {
    /// Whether a new message still belongs to this conversation.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Closed)
    }
}

text_enum! {
    /// What a line of the timeline is.
    MessageKind {
        /// Seen by the visitor and the agents.
        Text = "text",
        /// An internal note: agents only, takes no `seq`.
        Note = "note",
        /// A state change told in the timeline.
        System = "system",
    }
}

text_enum! {
    /// Who wrote a line or caused a change.
    AuthorKind { Visitor = "visitor", Agent = "agent", Bot = "bot", System = "system" }
}

text_enum! {
    /// An agent's readiness (T-134). What others see is `offline` too when no socket of the agent's has been heard of for two minutes.
    #[derive(Default)]
    AgentStatus { Online = "online", Away = "away", #[default] Offline = "offline" }
}

text_enum! {
    /// Who is given a new conversation (T-089).
    #[derive(Default)]
    Distribution {
        /// Nobody: conversations wait until somebody takes them.
        #[default]
        Off = "off",
        Random = "random",
        /// Whoever has not been given one for longest.
        RoundRobin = "round_robin",
        /// Whoever has the fewest open.
        LeastBusy = "least_busy",
        /// Whoever stands first in the department's own order and has room (Z-120).
        InOrder = "in_order",
    }
}

text_enum! {
    /// What a department says about distribution (T-089).
    #[derive(Default)]
    DepartmentDistribution {
        /// As the whole company does it.
        #[default]
        Inherit = "inherit",
        Off = "off",
        Random = "random",
        RoundRobin = "round_robin",
        LeastBusy = "least_busy",
        InOrder = "in_order",
    }
}

impl DepartmentDistribution {
    /// What holds in the department.
    pub const fn within(self, company: Distribution) -> Distribution {
        match self {
            Self::Inherit => company,
            Self::Off => Distribution::Off,
            Self::Random => Distribution::Random,
            Self::RoundRobin => Distribution::RoundRobin,
            Self::LeastBusy => Distribution::LeastBusy,
            Self::InOrder => Distribution::InOrder,
        }
    }
}

text_enum! {
    /// The status an agent has right after logging in (T-133).
    #[derive(Default)]
    StatusOnLogin { Online = "online", #[default] Offline = "offline" }
}

text_enum! {
    /// Where an offline message stands (T-154, T-156, T-160).
    OfflineState {
        /// Nobody has looked at what the customer wrote last.
        New = "new",
        Read = "read",
        Answered = "answered",
        /// The last reply did not reach the customer.
        Failed = "failed",
        /// It goes on as a ticket.
        Converted = "converted",
    }
}

text_enum! {
    /// What an entry of an offline message is: what the company wrote, or the customer, or that the customer's address was corrected.
    OfflineEntryKind { Reply = "reply", Answer = "answer", Address = "address" }
}

text_enum! {
    /// Where a ticket stands (T-172).
    TicketState {
        /// Nobody has seen to it yet.
        New = "new",
        /// Somebody of the company has something to do.
        Open = "open",
        /// The customer was written to and has not answered.
        WaitingCustomer = "waiting_customer",
        Solved = "solved",
        Cancelled = "cancelled",
    }
}

impl TicketState {
    /// Whether nothing is left to do.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Solved | Self::Cancelled)
    }
}

text_enum! {
    /// How urgent a ticket is (T-171).
    #[derive(Default)]
    TicketPriority { #[default] Low = "low", Normal = "normal", High = "high", Urgent = "urgent" }
}

text_enum! {
    /// What about a ticket was changed.
    TicketField {
        Created = "created",
        State = "state",
        Priority = "priority",
        Assignee = "assignee",
        Department = "department",
        Category = "category",
        Title = "title",
    }
}

text_enum! {
    /// What was done with somebody's personal data.
    PrivacyDeed {
        Exported = "exported",
        Erased = "erased",
        /// Its time had run out.
        Expired = "expired",
        /// A sealed copy was looked at.
        Opened = "opened",
    }
}

text_enum! {
    /// Whether visitors are told, or asked, before they write.
    #[derive(Default)]
    Consent {
        #[default]
        Off = "off",
        /// A sentence with a link.
        Notice = "notice",
        /// A tick without which nothing is sent.
        Required = "required",
    }
}

text_enum! {
    /// Where an outgoing e-mail stands (T-156).
    MailState { Queued = "queued", Sent = "sent", Failed = "failed" }
}

text_enum! {
    /// Why mail does not go out or come in: what the person who set it up can do something about.
    MailFault {
        /// There is no such host.
        HostUnknown = "host_unknown",
        /// Nobody answers under host and port, or the connection is refused.
        Unreachable = "unreachable",
        TimedOut = "timed_out",
        /// The server does not speak TLS there, or not with us.
        TlsFailed = "tls_failed",
        /// The server's certificate is not to be trusted for this host.
        CertificateInvalid = "certificate_invalid",
        /// The server offers no STARTTLS.
        StarttlsMissing = "starttls_missing",
        /// User or password are not accepted.
        LoginRefused = "login_refused",
        /// The server offers no way of logging in that we know.
        LoginUnsupported = "login_unsupported",
        /// The address of the sender is not accepted.
        SenderRefused = "sender_refused",
        /// The address of the recipient is not accepted, or bounced.
        RecipientRefused = "recipient_refused",
        /// The message itself is not accepted.
        MessageRefused = "message_refused",
        /// A file that goes with it could not be read from our own storage.
        FilesUnavailable = "files_unavailable",
        /// There is no such folder.
        FolderUnknown = "folder_unknown",
        /// What answers does not speak the protocol.
        ProtocolBroken = "protocol_broken",
        /// The connection ended in the middle.
        ConnectionLost = "connection_lost",
        /// The mail server has told later that it could not deliver it.
        Bounced = "bounced",
        /// Sending mail is not set up (any more).
        NotSetUp = "not_set_up",
        /// Nobody has consented yet that this program uses the mailbox.
        ConsentMissing = "consent_missing",
        /// The consent does not hold any more: taken back, run out, or ended by a new password.
        ConsentRevoked = "consent_revoked",
        /// Who gives access does not know this program under its id and secret.
        ClientRefused = "client_refused",
        /// What gives access cannot be reached.
        TokenServerUnreachable = "token_server_unreachable",
        /// What should give access answers something else.
        TokenServerRefused = "token_server_refused",
        /// The mail server does not take the access that was given.
        AccessRefused = "access_refused",
    }
}

text_enum! {
    /// What a file is sent as: it decides how it is shown and how large it may be (P-120).
    FileKind { Image = "image", Video = "video", Audio = "audio", File = "file" }
}

text_enum! {
    /// Where a file stands: its bytes are coming in, or it is whole and checked, or it is being deleted.
    FileState { Receiving = "receiving", Stored = "stored", Dropped = "dropped" }
}

text_enum! {
    /// A label's colour: one of the eight that are told apart in both themes.
    #[derive(Default)]
    LabelColour {
        #[default]
        Green = "green",
        Blue = "blue",
        Violet = "violet",
        Orange = "orange",
        Pink = "pink",
        Amber = "amber",
        Cyan = "cyan",
        Indigo = "indigo",
    }
}

text_enum! {
    /// How a label came to a conversation (T-211).
    LabelSource {
        /// By a rule, when the conversation began.
        Rule = "rule",
        Agent = "agent",
    }
}

text_enum! {
    /// Whose hours they are.
    ShiftOwner { Company = "company", Department = "department", Agent = "agent" }
}

text_enum! {
    /// Why a status has changed (T-113).
    #[derive(Default)]
    StatusCause {
        /// By hand, or by logging in.
        #[default]
        Person = "person",
        ShiftEnd = "shift_end",
        /// What the clock had taken is given back.
        ShiftStart = "shift_start",
    }
}

text_enum! {
    /// Who serves a project: a person, or a group, which is a department with whoever belongs to it.
    SpecialistKind { Agent = "agent", Group = "group" }
}

text_enum! {
    /// A kind of channel.
    Channel { Webchat = "webchat" }
}

text_enum! {
    /// What a system line says.
    TimelineEvent {
        Taken = "taken",
        /// Given to somebody by distribution (T-089).
        Assigned = "assigned",
        Returned = "returned",
        /// Its visitor did not want to wait for somebody who is not there (T-112).
        ReturnedByVisitor = "returned_by_visitor",
        Transferred = "transferred",
        /// Whoever had moved it took that back and has it again; with a target, it is there again instead.
        TakenBack = "taken_back",
        Closed = "closed",
        ClosedByVisitor = "closed_by_visitor",
        Reopened = "reopened",
        /// A late message of the visitor's reopened it (D-027).
        ReopenedByVisitor = "reopened_by_visitor",
        /// Its visitor has been silent, and is told that it ends.
        IdleWarning = "idle_warning",
        /// Its visitor went on being silent.
        ClosedIdle = "closed_idle",
        /// Whoever has it has not answered: a note, for the desk alone.
        AgentIdle = "agent_idle",
        /// They went on not answering.
        ReturnedIdle = "returned_idle",
        /// It has waited too long and stands in another department's queue now (Z-122).
        Overflowed = "overflowed",
        /// What a department says when somebody has taken it (T-083).
        Initial = "initial",
        /// What is said when it begins to wait (Z-123).
        Queued = "queued",
    }
}

text_enum! {
    /// The console's colours.
    #[derive(Default)]
    Theme { #[default] System = "system", Light = "light", Dark = "dark" }
}

text_enum! {
    /// The three lists of conversations.
    ConversationList { Queue = "queue", Open = "open", Closed = "closed" }
}
