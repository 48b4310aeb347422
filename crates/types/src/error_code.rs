//! Every refusal the product can give, as a stable code. The code is also the translation key: `error.<code>`.

use crate::text_enum::text_enum;

text_enum! {
    /// Why an operation, a frame or a field was refused.
    ErrorCode {
        // Whole requests
        ValidationFailed = "validation_failed",
        Malformed = "malformed",
        Unauthenticated = "unauthenticated",
        WrongLogin = "wrong_login",
        Forbidden = "forbidden",
        OriginNotAllowed = "origin_not_allowed",
        NotFound = "not_found",
        MethodNotAllowed = "method_not_allowed",
        Conflict = "conflict",
        AlreadyTaken = "already_taken",
        ConversationClosed = "conversation_closed",
        ClientIdReused = "client_id_reused",
        AlreadySetUp = "already_set_up",
        SetupLinkInvalid = "setup_link_invalid",
        InvitationInvalid = "invitation_invalid",
        ImportChanged = "import_changed",
        LastOwner = "last_owner",
        NotYourself = "not_yourself",
        /// A line of a table that is about whoever imports it.
        OwnRow = "own_row",
        DefaultDepartment = "default_department",
        /// Conversations or offline messages still name the person (T-088).
        AgentInUse = "agent_in_use",
        /// It still has conversations, offline messages or connections (T-088).
        DepartmentInUse = "department_in_use",
        /// The department lets only those who manage it do that (Z-125).
        ClosingSwitchedOff = "closing_switched_off",
        FilesSwitchedOff = "files_switched_off",
        VoiceSwitchedOff = "voice_switched_off",
        /// The department is served by those who are online (Z-125).
        NotOnline = "not_online",
        DefaultProject = "default_project",
        /// It still has departments.
        ProjectInUse = "project_in_use",
        ProjectsFull = "projects_full",
        /// The project takes no new conversations of visitors.
        ChatOff = "chat_off",
        /// Level 2 serves only what was transferred.
        SecondLevel = "second_level",
        /// Only associated specialists serve the project.
        NotASpecialist = "not_a_specialist",
        TransferOffline = "transfer_offline",
        TransferBusy = "transfer_busy",
        UndoExpired = "undo_expired",
        LabelUnknown = "label_unknown",
        LabelsEnough = "labels_enough",
        LabelsFull = "labels_full",
        /// Tickets have it, or had it: their story would lose a name (T-170).
        CategoryInUse = "category_in_use",
        CategoriesFull = "categories_full",
        QuickRepliesFull = "quick_replies_full",
        TakeBackExpired = "take_back_expired",
        /// A reply by e-mail where sending mail is not set up.
        MailNotSetUp = "mail_not_set_up",
        /// More than what goes out with one e-mail.
        MailFilesTooLarge = "mail_files_too_large",
        /// The e-mail is on its way, or has arrived.
        MailNotFailed = "mail_not_failed",
        /// OAuth2 is not what the company logs in to its mail servers by.
        OauthNotSetUp = "oauth_not_set_up",
        /// A consent that was not asked for from here, by somebody else, or too long ago.
        ConsentUnknown = "consent_unknown",
        /// A consent that holds for an hour only.
        ConsentTooShort = "consent_too_short",
        /// A conversation of theirs is running.
        ContactServed = "contact_served",
        /// Nothing is left of whom it was about.
        DataErased = "data_erased",
        ConnectionUnavailable = "connection_unavailable",
        PreconditionFailed = "precondition_failed",
        PreconditionRequired = "precondition_required",
        TooLarge = "too_large",
        UnsupportedMediaType = "unsupported_media_type",
        TooManyRequests = "too_many_requests",
        /// A challenge has to be solved first, which the browser does by itself.
        ChallengeNeeded = "challenge_needed",
        ProofInvalid = "proof_invalid",
        ProofExpired = "proof_expired",
        ProofUsed = "proof_used",
        UploadOffset = "upload_offset",
        UnknownFrame = "unknown_frame",
        Unavailable = "unavailable",
        Internal = "internal",
        // Single fields
        Required = "required",
        TooShort = "too_short",
        TooLong = "too_long",
        InvalidValue = "invalid_value",
        InvalidCharacter = "invalid_character",
        EmailInvalid = "email_invalid",
        EmailInUse = "email_in_use",
        NameInUse = "name_in_use",
        PasswordTooShort = "password_too_short",
        PasswordTooLong = "password_too_long",
        PasswordWrong = "password_wrong",
        PasswordTooCommon = "password_too_common",
        ColourInvalid = "colour_invalid",
        /// A text that could not be read on its ground.
        ContrastLow = "contrast_low",
        PictureUnknown = "picture_unknown",
        PictureInvalid = "picture_invalid",
        GoogleTagInvalid = "google_tag_invalid",
        HostInvalid = "host_invalid",
        /// An address that secrets would travel to unprotected.
        AddressUnprotected = "address_unprotected",
        TenantInvalid = "tenant_invalid",
        ClientRefused = "client_refused",
        TokenServerUnreachable = "token_server_unreachable",
        TokenServerRefused = "token_server_refused",
        DomainInvalid = "domain_invalid",
        OffsetTooLarge = "offset_too_large",
        /// A width or height that a chat cannot have.
        SizeInvalid = "size_invalid",
        /// A department that overflows into itself.
        OverflowItself = "overflow_itself",
        PhoneInvalid = "phone_invalid",
        TelegramInvalid = "telegram_invalid",
        TimeZoneUnknown = "time_zone_unknown",
        DepartmentUnknown = "department_unknown",
        ProjectUnknown = "project_unknown",
        /// A name in a table that no department has.
        DepartmentMissing = "department_missing",
        RoleUnknown = "role_unknown",
        NeitherYesNorNo = "neither_yes_nor_no",
        AgentUnknown = "agent_unknown",
        CategoryUnknown = "category_unknown",
        ManagesNothing = "manages_nothing",
        ConnectionUnknown = "connection_unknown",
        TooMany = "too_many",
        /// A quick reply that another is called by.
        ShortcutInUse = "shortcut_in_use",
        ShortcutWithSpaces = "shortcut_with_spaces",
        /// `{…}` in a message that cannot be filled.
        PlaceholderUnknown = "placeholder_unknown",
        MinutesInvalid = "minutes_invalid",
        /// A pause that the company does not have (any more).
        PauseUnknown = "pause_unknown",
        ConsentRequired = "consent_required",
        MonthsInvalid = "months_invalid",
        /// Days that end before they begin, or too many of them.
        PeriodInvalid = "period_invalid",
        AddressInvalid = "address_invalid",
        ColumnMissing = "column_missing",
        RowRepeated = "row_repeated",
        /// Online outside of one's hours.
        OutsideShift = "outside_shift",
        /// Whoever answers is there, so nobody else is looked for.
        AgentIsThere = "agent_is_there",
        /// Nobody else is there either.
        NobodyThere = "nobody_there",
        /// There is nothing to rate (any more).
        SurveyOver = "survey_over",
        /// There is no copy to have of this conversation.
        CopyUnavailable = "copy_unavailable",
        /// It went to enough addresses.
        CopiesEnough = "copies_enough",
        GradesInvalid = "grades_invalid",
        ShiftEmpty = "shift_empty",
        ShiftOverlaps = "shift_overlaps",
        DateRepeated = "date_repeated",
        NoRows = "no_rows",
        FileEmpty = "file_empty",
        FileLimitInvalid = "file_limit_invalid",
        FileTooLarge = "file_too_large",
        FileTypeMismatch = "file_type_mismatch",
        FileTypeRefused = "file_type_refused",
        FileUnknown = "file_unknown",
        PictureTooLarge = "picture_too_large",
    }
}

impl ErrorCode {
    /// Whether the sentence names how much is allowed.
    pub const fn names_limit(self) -> bool {
        matches!(self, Self::TooShort | Self::TooLong | Self::TooMany | Self::OffsetTooLarge | Self::MailFilesTooLarge)
    }

    /// The key of the translated sentence.
    pub fn text_key(self) -> String {
        format!("error.{}", self.as_str())
    }
}
