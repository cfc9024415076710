IF OBJECT_ID(N'[__EFMigrationsHistory]') IS NULL
BEGIN
    CREATE TABLE [__EFMigrationsHistory] (
        [MigrationId] nvarchar(150) NOT NULL,
        [ProductVersion] nvarchar(32) NOT NULL,
        CONSTRAINT [PK___EFMigrationsHistory] PRIMARY KEY ([MigrationId])
    );
END;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [AspNetUsers] (
        [Id] varchar(24) NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [UserName] nvarchar(256) NULL,
        [NormalizedUserName] nvarchar(256) NULL,
        [Email] nvarchar(256) NULL,
        [NormalizedEmail] nvarchar(256) NULL,
        [EmailConfirmed] bit NOT NULL,
        [PasswordHash] nvarchar(max) NULL,
        [SecurityStamp] nvarchar(max) NULL,
        [ConcurrencyStamp] nvarchar(max) NULL,
        [PhoneNumber] nvarchar(max) NULL,
        [PhoneNumberConfirmed] bit NOT NULL,
        [TwoFactorEnabled] bit NOT NULL,
        [LockoutEnd] bigint NULL,
        [LockoutEnabled] bit NOT NULL,
        [AccessFailedCount] int NOT NULL,
        CONSTRAINT [PK_AspNetUsers] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [ClickAgents] (
        [Id] bigint NOT NULL,
        [UserAgent] nvarchar(1024) NULL,
        [Browser] nvarchar(100) NULL,
        [Os] nvarchar(100) NULL,
        [Device] nvarchar(100) NULL,
        [IsBot] bit NOT NULL,
        [BotRule] nvarchar(100) NULL,
        [Rules] varchar(64) NULL,
        [Given] int NOT NULL,
        CONSTRAINT [PK_ClickAgents] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [ClickPlaces] (
        [Id] bigint NOT NULL,
        [Country] varchar(2) NULL,
        [Region] nvarchar(200) NULL,
        [City] nvarchar(200) NULL,
        CONSTRAINT [PK_ClickPlaces] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [Clicks] (
        [Id] bigint NOT NULL,
        [LinkId] bigint NOT NULL,
        [Time] bigint NOT NULL,
        [Visitor] bigint NOT NULL,
        [AgentId] bigint NOT NULL,
        [PlaceId] bigint NOT NULL,
        [SourceId] bigint NOT NULL,
        [Language] varchar(16) NULL,
        [RedirectMs] int NULL,
        [ImportKey] bigint NULL,
        CONSTRAINT [PK_Clicks] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [ClickSources] (
        [Id] bigint NOT NULL,
        [Referrer] nvarchar(255) NULL,
        [ReferrerUrl] nvarchar(2048) NULL,
        [UtmSource] nvarchar(255) NULL,
        [UtmMedium] nvarchar(255) NULL,
        [UtmCampaign] nvarchar(255) NULL,
        [Trigger] varchar(16) NOT NULL,
        CONSTRAINT [PK_ClickSources] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [ClickWriters] (
        [Id] int NOT NULL IDENTITY,
        [Name] nvarchar(200) NOT NULL,
        [OwnerId] nvarchar(max) NULL,
        [CreatedAt] bigint NOT NULL,
        [LastSequence] bigint NOT NULL,
        [FinishedAt] bigint NULL,
        CONSTRAINT [PK_ClickWriters] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [InstallationSecrets] (
        [Name] varchar(50) NOT NULL,
        [Value] varbinary(64) NOT NULL,
        CONSTRAINT [PK_InstallationSecrets] PRIMARY KEY ([Name])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [ApiKeys] (
        [Id] varchar(24) NOT NULL,
        [OwnerId] varchar(24) NOT NULL,
        [Name] nvarchar(255) NOT NULL,
        [Description] nvarchar(1000) NULL,
        [Scopes] nvarchar(500) NOT NULL,
        [TokenHash] varchar(64) NOT NULL,
        [TokenPrefix] varchar(8) NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [ExpiresAt] bigint NULL,
        [RevokedAt] bigint NULL,
        [LastUsedAt] bigint NULL,
        CONSTRAINT [PK_ApiKeys] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_ApiKeys_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [AspNetUserClaims] (
        [Id] int NOT NULL IDENTITY,
        [UserId] varchar(24) NOT NULL,
        [ClaimType] nvarchar(max) NULL,
        [ClaimValue] nvarchar(max) NULL,
        CONSTRAINT [PK_AspNetUserClaims] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_AspNetUserClaims_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [AspNetUserLogins] (
        [LoginProvider] nvarchar(450) NOT NULL,
        [ProviderKey] nvarchar(450) NOT NULL,
        [ProviderDisplayName] nvarchar(max) NULL,
        [UserId] varchar(24) NOT NULL,
        CONSTRAINT [PK_AspNetUserLogins] PRIMARY KEY ([LoginProvider], [ProviderKey]),
        CONSTRAINT [FK_AspNetUserLogins_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [AspNetUserTokens] (
        [UserId] varchar(24) NOT NULL,
        [LoginProvider] nvarchar(450) NOT NULL,
        [Name] nvarchar(450) NOT NULL,
        [Value] nvarchar(max) NULL,
        CONSTRAINT [PK_AspNetUserTokens] PRIMARY KEY ([UserId], [LoginProvider], [Name]),
        CONSTRAINT [FK_AspNetUserTokens_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE TABLE [Links] (
        [Id] bigint NOT NULL IDENTITY,
        [PublicId] varchar(24) NOT NULL,
        [OwnerId] varchar(24) NULL,
        [ShortCode] varchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [LongUrl] nvarchar(max) NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [UpdatedAt] bigint NULL,
        [Status] varchar(16) NOT NULL,
        [PasswordHash] varchar(200) NULL,
        [BlockBots] bit NULL,
        [BlockedHits] bigint NOT NULL,
        [PassQuery] bit NULL,
        [MaxClicks] bigint NULL,
        [ExpireAfter] bigint NULL,
        [PrivateStats] bit NULL,
        [TotalClicks] bigint NOT NULL,
        [LastClick] bigint NULL,
        CONSTRAINT [PK_Links] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Links_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE INDEX [IX_ApiKeys_OwnerId] ON [ApiKeys] ([OwnerId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_ApiKeys_TokenHash] ON [ApiKeys] ([TokenHash]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE INDEX [IX_AspNetUserClaims_UserId] ON [AspNetUserClaims] ([UserId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE INDEX [IX_AspNetUserLogins_UserId] ON [AspNetUserLogins] ([UserId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE INDEX [EmailIndex] ON [AspNetUsers] ([NormalizedEmail]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    EXEC(N'CREATE UNIQUE INDEX [UserNameIndex] ON [AspNetUsers] ([NormalizedUserName]) WHERE [NormalizedUserName] IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    EXEC(N'CREATE UNIQUE INDEX [IX_Clicks_ImportKey] ON [Clicks] ([ImportKey]) WHERE ImportKey IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE INDEX [IX_Clicks_LinkId] ON [Clicks] ([LinkId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE INDEX [IX_Links_OwnerId_CreatedAt] ON [Links] ([OwnerId], [CreatedAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE INDEX [IX_Links_OwnerId_LastClick] ON [Links] ([OwnerId], [LastClick]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE INDEX [IX_Links_OwnerId_TotalClicks] ON [Links] ([OwnerId], [TotalClicks]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Links_PublicId] ON [Links] ([PublicId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Links_ShortCode] ON [Links] ([ShortCode]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122044300_Initial'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261122044300_Initial', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123191044_LinksTagsAndChanges'
)
BEGIN
    ALTER TABLE [Links] ADD [ClaimHash] varchar(64) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123191044_LinksTagsAndChanges'
)
BEGIN
    CREATE TABLE [LinkChanges] (
        [Id] bigint NOT NULL IDENTITY,
        [LinkId] bigint NOT NULL,
        [At] bigint NOT NULL,
        [Field] varchar(16) NOT NULL,
        [Before] nvarchar(max) NULL,
        [After] nvarchar(max) NULL,
        CONSTRAINT [PK_LinkChanges] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_LinkChanges_Links_LinkId] FOREIGN KEY ([LinkId]) REFERENCES [Links] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123191044_LinksTagsAndChanges'
)
BEGIN
    CREATE TABLE [LinkTags] (
        [LinkId] bigint NOT NULL,
        [Name] nvarchar(40) NOT NULL,
        CONSTRAINT [PK_LinkTags] PRIMARY KEY ([LinkId], [Name]),
        CONSTRAINT [FK_LinkTags_Links_LinkId] FOREIGN KEY ([LinkId]) REFERENCES [Links] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123191044_LinksTagsAndChanges'
)
BEGIN
    CREATE INDEX [IX_LinkChanges_LinkId_At] ON [LinkChanges] ([LinkId], [At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123191044_LinksTagsAndChanges'
)
BEGIN
    CREATE INDEX [IX_LinkTags_Name] ON [LinkTags] ([Name]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123191044_LinksTagsAndChanges'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261123191044_LinksTagsAndChanges', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123195505_AccountSettings'
)
BEGIN
    ALTER TABLE [Links] ADD [ForgottenClicks] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123195505_AccountSettings'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [DefaultPeriod] varchar(32) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123195505_AccountSettings'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [DisplayName] nvarchar(100) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123195505_AccountSettings'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [Language] varchar(10) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123195505_AccountSettings'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [RetentionDays] int NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123195505_AccountSettings'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [TimeZone] varchar(64) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123195505_AccountSettings'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261123195505_AccountSettings', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123200914_SavedViews'
)
BEGIN
    CREATE TABLE [SavedViews] (
        [Id] varchar(24) NOT NULL,
        [OwnerId] varchar(24) NOT NULL,
        [Name] nvarchar(80) NOT NULL,
        [Url] nvarchar(4000) NOT NULL,
        [CreatedAt] bigint NOT NULL,
        CONSTRAINT [PK_SavedViews] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_SavedViews_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123200914_SavedViews'
)
BEGIN
    CREATE UNIQUE INDEX [IX_SavedViews_OwnerId_Name] ON [SavedViews] ([OwnerId], [Name]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261123200914_SavedViews'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261123200914_SavedViews', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124005614_OwnersOfTags'
)
BEGIN
    DROP INDEX [IX_LinkTags_Name] ON [LinkTags];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124005614_OwnersOfTags'
)
BEGIN
    ALTER TABLE [LinkTags] ADD [OwnerId] varchar(24) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124005614_OwnersOfTags'
)
BEGIN
    UPDATE LinkTags SET OwnerId = (SELECT OwnerId FROM Links WHERE Links.Id = LinkTags.LinkId)
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124005614_OwnersOfTags'
)
BEGIN
    CREATE INDEX [IX_LinkTags_OwnerId_Name_LinkId] ON [LinkTags] ([OwnerId], [Name], [LinkId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124005614_OwnersOfTags'
)
BEGIN
    CREATE INDEX [IX_Links_OwnerId_ShortCode] ON [Links] ([OwnerId], [ShortCode]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124005614_OwnersOfTags'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261124005614_OwnersOfTags', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127150920_PeopleOnly'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [PeopleOnly] bit NOT NULL DEFAULT CAST(0 AS bit);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127150920_PeopleOnly'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261127150920_PeopleOnly', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127151722_LinkTitlesAndUtmTemplates'
)
BEGIN
    ALTER TABLE [Links] ADD [Note] nvarchar(2000) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127151722_LinkTitlesAndUtmTemplates'
)
BEGIN
    ALTER TABLE [Links] ADD [Title] nvarchar(200) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127151722_LinkTitlesAndUtmTemplates'
)
BEGIN
    CREATE TABLE [UtmTemplates] (
        [Id] varchar(24) NOT NULL,
        [OwnerId] varchar(24) NOT NULL,
        [Name] nvarchar(80) NOT NULL,
        [Query] nvarchar(4000) NOT NULL,
        [CreatedAt] bigint NOT NULL,
        CONSTRAINT [PK_UtmTemplates] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_UtmTemplates_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127151722_LinkTitlesAndUtmTemplates'
)
BEGIN
    CREATE UNIQUE INDEX [IX_UtmTemplates_OwnerId_Name] ON [UtmTemplates] ([OwnerId], [Name]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127151722_LinkTitlesAndUtmTemplates'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261127151722_LinkTitlesAndUtmTemplates', N'10.0.15');
END;

COMMIT;
GO

