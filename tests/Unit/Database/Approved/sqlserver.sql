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
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [ApiKeys] DROP CONSTRAINT [FK_ApiKeys_AspNetUsers_OwnerId];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserClaims] DROP CONSTRAINT [FK_AspNetUserClaims_AspNetUsers_UserId];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserLogins] DROP CONSTRAINT [FK_AspNetUserLogins_AspNetUsers_UserId];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserTokens] DROP CONSTRAINT [FK_AspNetUserTokens_AspNetUsers_UserId];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [Links] DROP CONSTRAINT [FK_Links_AspNetUsers_OwnerId];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [SavedViews] DROP CONSTRAINT [FK_SavedViews_AspNetUsers_OwnerId];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [ApiKeys] DROP CONSTRAINT [PK_ApiKeys];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserLogins] DROP CONSTRAINT [PK_AspNetUserLogins];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserTokens] DROP CONSTRAINT [PK_AspNetUserTokens];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUsers] DROP CONSTRAINT [PK_AspNetUsers];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [InstallationSecrets] DROP CONSTRAINT [PK_InstallationSecrets];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [LinkTags] DROP CONSTRAINT [PK_LinkTags];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [SavedViews] DROP CONSTRAINT [PK_SavedViews];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var nvarchar(max);
    SELECT @var = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[SavedViews]') AND [c].[name] = N'Url');
    IF @var IS NOT NULL EXEC(N'ALTER TABLE [SavedViews] DROP CONSTRAINT ' + @var + ';');
    ALTER TABLE [SavedViews] ALTER COLUMN [Url] nvarchar(4000) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_SavedViews_OwnerId_Name] ON [SavedViews];
    DECLARE @var1 nvarchar(max);
    SELECT @var1 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[SavedViews]') AND [c].[name] = N'OwnerId');
    IF @var1 IS NOT NULL EXEC(N'ALTER TABLE [SavedViews] DROP CONSTRAINT ' + @var1 + ';');
    ALTER TABLE [SavedViews] ALTER COLUMN [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE UNIQUE INDEX [IX_SavedViews_OwnerId_Name] ON [SavedViews] ([OwnerId], [Name]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_SavedViews_OwnerId_Name] ON [SavedViews];
    DECLARE @var2 nvarchar(max);
    SELECT @var2 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[SavedViews]') AND [c].[name] = N'Name');
    IF @var2 IS NOT NULL EXEC(N'ALTER TABLE [SavedViews] DROP CONSTRAINT ' + @var2 + ';');
    ALTER TABLE [SavedViews] ALTER COLUMN [Name] nvarchar(80) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE UNIQUE INDEX [IX_SavedViews_OwnerId_Name] ON [SavedViews] ([OwnerId], [Name]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var3 nvarchar(max);
    SELECT @var3 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[SavedViews]') AND [c].[name] = N'Id');
    IF @var3 IS NOT NULL EXEC(N'ALTER TABLE [SavedViews] DROP CONSTRAINT ' + @var3 + ';');
    ALTER TABLE [SavedViews] ALTER COLUMN [Id] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_LinkTags_OwnerId_Name_LinkId] ON [LinkTags];
    DECLARE @var4 nvarchar(max);
    SELECT @var4 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[LinkTags]') AND [c].[name] = N'OwnerId');
    IF @var4 IS NOT NULL EXEC(N'ALTER TABLE [LinkTags] DROP CONSTRAINT ' + @var4 + ';');
    ALTER TABLE [LinkTags] ALTER COLUMN [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL;
    CREATE INDEX [IX_LinkTags_OwnerId_Name_LinkId] ON [LinkTags] ([OwnerId], [Name], [LinkId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_LinkTags_OwnerId_Name_LinkId] ON [LinkTags];
    DECLARE @var5 nvarchar(max);
    SELECT @var5 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[LinkTags]') AND [c].[name] = N'Name');
    IF @var5 IS NOT NULL EXEC(N'ALTER TABLE [LinkTags] DROP CONSTRAINT ' + @var5 + ';');
    ALTER TABLE [LinkTags] ALTER COLUMN [Name] nvarchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE INDEX [IX_LinkTags_OwnerId_Name_LinkId] ON [LinkTags] ([OwnerId], [Name], [LinkId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var6 nvarchar(max);
    SELECT @var6 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[Links]') AND [c].[name] = N'Status');
    IF @var6 IS NOT NULL EXEC(N'ALTER TABLE [Links] DROP CONSTRAINT ' + @var6 + ';');
    ALTER TABLE [Links] ALTER COLUMN [Status] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_Links_PublicId] ON [Links];
    DECLARE @var7 nvarchar(max);
    SELECT @var7 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[Links]') AND [c].[name] = N'PublicId');
    IF @var7 IS NOT NULL EXEC(N'ALTER TABLE [Links] DROP CONSTRAINT ' + @var7 + ';');
    ALTER TABLE [Links] ALTER COLUMN [PublicId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE UNIQUE INDEX [IX_Links_PublicId] ON [Links] ([PublicId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var8 nvarchar(max);
    SELECT @var8 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[Links]') AND [c].[name] = N'PasswordHash');
    IF @var8 IS NOT NULL EXEC(N'ALTER TABLE [Links] DROP CONSTRAINT ' + @var8 + ';');
    ALTER TABLE [Links] ALTER COLUMN [PasswordHash] varchar(200) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_Links_OwnerId_CreatedAt] ON [Links];
    DROP INDEX [IX_Links_OwnerId_LastClick] ON [Links];
    DROP INDEX [IX_Links_OwnerId_ShortCode] ON [Links];
    DROP INDEX [IX_Links_OwnerId_TotalClicks] ON [Links];
    DECLARE @var9 nvarchar(max);
    SELECT @var9 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[Links]') AND [c].[name] = N'OwnerId');
    IF @var9 IS NOT NULL EXEC(N'ALTER TABLE [Links] DROP CONSTRAINT ' + @var9 + ';');
    ALTER TABLE [Links] ALTER COLUMN [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL;
    CREATE INDEX [IX_Links_OwnerId_CreatedAt] ON [Links] ([OwnerId], [CreatedAt]);
    CREATE INDEX [IX_Links_OwnerId_LastClick] ON [Links] ([OwnerId], [LastClick]);
    CREATE INDEX [IX_Links_OwnerId_ShortCode] ON [Links] ([OwnerId], [ShortCode]);
    CREATE INDEX [IX_Links_OwnerId_TotalClicks] ON [Links] ([OwnerId], [TotalClicks]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var10 nvarchar(max);
    SELECT @var10 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[Links]') AND [c].[name] = N'LongUrl');
    IF @var10 IS NOT NULL EXEC(N'ALTER TABLE [Links] DROP CONSTRAINT ' + @var10 + ';');
    ALTER TABLE [Links] ALTER COLUMN [LongUrl] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var11 nvarchar(max);
    SELECT @var11 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[Links]') AND [c].[name] = N'ClaimHash');
    IF @var11 IS NOT NULL EXEC(N'ALTER TABLE [Links] DROP CONSTRAINT ' + @var11 + ';');
    ALTER TABLE [Links] ALTER COLUMN [ClaimHash] varchar(64) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var12 nvarchar(max);
    SELECT @var12 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[LinkChanges]') AND [c].[name] = N'Field');
    IF @var12 IS NOT NULL EXEC(N'ALTER TABLE [LinkChanges] DROP CONSTRAINT ' + @var12 + ';');
    ALTER TABLE [LinkChanges] ALTER COLUMN [Field] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var13 nvarchar(max);
    SELECT @var13 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[LinkChanges]') AND [c].[name] = N'Before');
    IF @var13 IS NOT NULL EXEC(N'ALTER TABLE [LinkChanges] DROP CONSTRAINT ' + @var13 + ';');
    ALTER TABLE [LinkChanges] ALTER COLUMN [Before] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var14 nvarchar(max);
    SELECT @var14 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[LinkChanges]') AND [c].[name] = N'After');
    IF @var14 IS NOT NULL EXEC(N'ALTER TABLE [LinkChanges] DROP CONSTRAINT ' + @var14 + ';');
    ALTER TABLE [LinkChanges] ALTER COLUMN [After] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var15 nvarchar(max);
    SELECT @var15 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[InstallationSecrets]') AND [c].[name] = N'Name');
    IF @var15 IS NOT NULL EXEC(N'ALTER TABLE [InstallationSecrets] DROP CONSTRAINT ' + @var15 + ';');
    ALTER TABLE [InstallationSecrets] ALTER COLUMN [Name] varchar(50) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var16 nvarchar(max);
    SELECT @var16 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickWriters]') AND [c].[name] = N'OwnerId');
    IF @var16 IS NOT NULL EXEC(N'ALTER TABLE [ClickWriters] DROP CONSTRAINT ' + @var16 + ';');
    ALTER TABLE [ClickWriters] ALTER COLUMN [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var17 nvarchar(max);
    SELECT @var17 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickWriters]') AND [c].[name] = N'Name');
    IF @var17 IS NOT NULL EXEC(N'ALTER TABLE [ClickWriters] DROP CONSTRAINT ' + @var17 + ';');
    ALTER TABLE [ClickWriters] ALTER COLUMN [Name] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var18 nvarchar(max);
    SELECT @var18 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickSources]') AND [c].[name] = N'UtmSource');
    IF @var18 IS NOT NULL EXEC(N'ALTER TABLE [ClickSources] DROP CONSTRAINT ' + @var18 + ';');
    ALTER TABLE [ClickSources] ALTER COLUMN [UtmSource] nvarchar(255) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var19 nvarchar(max);
    SELECT @var19 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickSources]') AND [c].[name] = N'UtmMedium');
    IF @var19 IS NOT NULL EXEC(N'ALTER TABLE [ClickSources] DROP CONSTRAINT ' + @var19 + ';');
    ALTER TABLE [ClickSources] ALTER COLUMN [UtmMedium] nvarchar(255) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var20 nvarchar(max);
    SELECT @var20 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickSources]') AND [c].[name] = N'UtmCampaign');
    IF @var20 IS NOT NULL EXEC(N'ALTER TABLE [ClickSources] DROP CONSTRAINT ' + @var20 + ';');
    ALTER TABLE [ClickSources] ALTER COLUMN [UtmCampaign] nvarchar(255) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var21 nvarchar(max);
    SELECT @var21 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickSources]') AND [c].[name] = N'Trigger');
    IF @var21 IS NOT NULL EXEC(N'ALTER TABLE [ClickSources] DROP CONSTRAINT ' + @var21 + ';');
    ALTER TABLE [ClickSources] ALTER COLUMN [Trigger] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var22 nvarchar(max);
    SELECT @var22 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickSources]') AND [c].[name] = N'ReferrerUrl');
    IF @var22 IS NOT NULL EXEC(N'ALTER TABLE [ClickSources] DROP CONSTRAINT ' + @var22 + ';');
    ALTER TABLE [ClickSources] ALTER COLUMN [ReferrerUrl] nvarchar(2048) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var23 nvarchar(max);
    SELECT @var23 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickSources]') AND [c].[name] = N'Referrer');
    IF @var23 IS NOT NULL EXEC(N'ALTER TABLE [ClickSources] DROP CONSTRAINT ' + @var23 + ';');
    ALTER TABLE [ClickSources] ALTER COLUMN [Referrer] nvarchar(255) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var24 nvarchar(max);
    SELECT @var24 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[Clicks]') AND [c].[name] = N'Language');
    IF @var24 IS NOT NULL EXEC(N'ALTER TABLE [Clicks] DROP CONSTRAINT ' + @var24 + ';');
    ALTER TABLE [Clicks] ALTER COLUMN [Language] varchar(16) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var25 nvarchar(max);
    SELECT @var25 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickPlaces]') AND [c].[name] = N'Region');
    IF @var25 IS NOT NULL EXEC(N'ALTER TABLE [ClickPlaces] DROP CONSTRAINT ' + @var25 + ';');
    ALTER TABLE [ClickPlaces] ALTER COLUMN [Region] nvarchar(200) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var26 nvarchar(max);
    SELECT @var26 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickPlaces]') AND [c].[name] = N'Country');
    IF @var26 IS NOT NULL EXEC(N'ALTER TABLE [ClickPlaces] DROP CONSTRAINT ' + @var26 + ';');
    ALTER TABLE [ClickPlaces] ALTER COLUMN [Country] varchar(2) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var27 nvarchar(max);
    SELECT @var27 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickPlaces]') AND [c].[name] = N'City');
    IF @var27 IS NOT NULL EXEC(N'ALTER TABLE [ClickPlaces] DROP CONSTRAINT ' + @var27 + ';');
    ALTER TABLE [ClickPlaces] ALTER COLUMN [City] nvarchar(200) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var28 nvarchar(max);
    SELECT @var28 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickAgents]') AND [c].[name] = N'UserAgent');
    IF @var28 IS NOT NULL EXEC(N'ALTER TABLE [ClickAgents] DROP CONSTRAINT ' + @var28 + ';');
    ALTER TABLE [ClickAgents] ALTER COLUMN [UserAgent] nvarchar(1024) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var29 nvarchar(max);
    SELECT @var29 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickAgents]') AND [c].[name] = N'Rules');
    IF @var29 IS NOT NULL EXEC(N'ALTER TABLE [ClickAgents] DROP CONSTRAINT ' + @var29 + ';');
    ALTER TABLE [ClickAgents] ALTER COLUMN [Rules] varchar(64) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var30 nvarchar(max);
    SELECT @var30 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickAgents]') AND [c].[name] = N'Os');
    IF @var30 IS NOT NULL EXEC(N'ALTER TABLE [ClickAgents] DROP CONSTRAINT ' + @var30 + ';');
    ALTER TABLE [ClickAgents] ALTER COLUMN [Os] nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var31 nvarchar(max);
    SELECT @var31 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickAgents]') AND [c].[name] = N'Device');
    IF @var31 IS NOT NULL EXEC(N'ALTER TABLE [ClickAgents] DROP CONSTRAINT ' + @var31 + ';');
    ALTER TABLE [ClickAgents] ALTER COLUMN [Device] nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var32 nvarchar(max);
    SELECT @var32 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickAgents]') AND [c].[name] = N'Browser');
    IF @var32 IS NOT NULL EXEC(N'ALTER TABLE [ClickAgents] DROP CONSTRAINT ' + @var32 + ';');
    ALTER TABLE [ClickAgents] ALTER COLUMN [Browser] nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var33 nvarchar(max);
    SELECT @var33 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ClickAgents]') AND [c].[name] = N'BotRule');
    IF @var33 IS NOT NULL EXEC(N'ALTER TABLE [ClickAgents] DROP CONSTRAINT ' + @var33 + ';');
    ALTER TABLE [ClickAgents] ALTER COLUMN [BotRule] nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var34 nvarchar(max);
    SELECT @var34 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserTokens]') AND [c].[name] = N'Value');
    IF @var34 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserTokens] DROP CONSTRAINT ' + @var34 + ';');
    ALTER TABLE [AspNetUserTokens] ALTER COLUMN [Value] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var35 nvarchar(max);
    SELECT @var35 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserTokens]') AND [c].[name] = N'Name');
    IF @var35 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserTokens] DROP CONSTRAINT ' + @var35 + ';');
    ALTER TABLE [AspNetUserTokens] ALTER COLUMN [Name] nvarchar(450) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var36 nvarchar(max);
    SELECT @var36 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserTokens]') AND [c].[name] = N'LoginProvider');
    IF @var36 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserTokens] DROP CONSTRAINT ' + @var36 + ';');
    ALTER TABLE [AspNetUserTokens] ALTER COLUMN [LoginProvider] nvarchar(450) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var37 nvarchar(max);
    SELECT @var37 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserTokens]') AND [c].[name] = N'UserId');
    IF @var37 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserTokens] DROP CONSTRAINT ' + @var37 + ';');
    ALTER TABLE [AspNetUserTokens] ALTER COLUMN [UserId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var38 nvarchar(max);
    SELECT @var38 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'UserName');
    IF @var38 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var38 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [UserName] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var39 nvarchar(max);
    SELECT @var39 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'TimeZone');
    IF @var39 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var39 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [TimeZone] varchar(64) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var40 nvarchar(max);
    SELECT @var40 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'SecurityStamp');
    IF @var40 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var40 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [SecurityStamp] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var41 nvarchar(max);
    SELECT @var41 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'PhoneNumber');
    IF @var41 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var41 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [PhoneNumber] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var42 nvarchar(max);
    SELECT @var42 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'PasswordHash');
    IF @var42 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var42 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [PasswordHash] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [UserNameIndex] ON [AspNetUsers];
    DECLARE @var43 nvarchar(max);
    SELECT @var43 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'NormalizedUserName');
    IF @var43 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var43 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [NormalizedUserName] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL;
    EXEC(N'CREATE UNIQUE INDEX [UserNameIndex] ON [AspNetUsers] ([NormalizedUserName]) WHERE [NormalizedUserName] IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [EmailIndex] ON [AspNetUsers];
    DECLARE @var44 nvarchar(max);
    SELECT @var44 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'NormalizedEmail');
    IF @var44 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var44 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [NormalizedEmail] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL;
    CREATE INDEX [EmailIndex] ON [AspNetUsers] ([NormalizedEmail]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var45 nvarchar(max);
    SELECT @var45 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'Language');
    IF @var45 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var45 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [Language] varchar(10) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var46 nvarchar(max);
    SELECT @var46 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'Email');
    IF @var46 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var46 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [Email] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var47 nvarchar(max);
    SELECT @var47 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'DisplayName');
    IF @var47 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var47 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [DisplayName] nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var48 nvarchar(max);
    SELECT @var48 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'DefaultPeriod');
    IF @var48 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var48 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [DefaultPeriod] varchar(32) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var49 nvarchar(max);
    SELECT @var49 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'ConcurrencyStamp');
    IF @var49 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var49 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [ConcurrencyStamp] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var50 nvarchar(max);
    SELECT @var50 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUsers]') AND [c].[name] = N'Id');
    IF @var50 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUsers] DROP CONSTRAINT ' + @var50 + ';');
    ALTER TABLE [AspNetUsers] ALTER COLUMN [Id] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_AspNetUserLogins_UserId] ON [AspNetUserLogins];
    DECLARE @var51 nvarchar(max);
    SELECT @var51 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserLogins]') AND [c].[name] = N'UserId');
    IF @var51 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserLogins] DROP CONSTRAINT ' + @var51 + ';');
    ALTER TABLE [AspNetUserLogins] ALTER COLUMN [UserId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE INDEX [IX_AspNetUserLogins_UserId] ON [AspNetUserLogins] ([UserId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var52 nvarchar(max);
    SELECT @var52 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserLogins]') AND [c].[name] = N'ProviderDisplayName');
    IF @var52 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserLogins] DROP CONSTRAINT ' + @var52 + ';');
    ALTER TABLE [AspNetUserLogins] ALTER COLUMN [ProviderDisplayName] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var53 nvarchar(max);
    SELECT @var53 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserLogins]') AND [c].[name] = N'ProviderKey');
    IF @var53 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserLogins] DROP CONSTRAINT ' + @var53 + ';');
    ALTER TABLE [AspNetUserLogins] ALTER COLUMN [ProviderKey] nvarchar(450) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var54 nvarchar(max);
    SELECT @var54 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserLogins]') AND [c].[name] = N'LoginProvider');
    IF @var54 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserLogins] DROP CONSTRAINT ' + @var54 + ';');
    ALTER TABLE [AspNetUserLogins] ALTER COLUMN [LoginProvider] nvarchar(450) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_AspNetUserClaims_UserId] ON [AspNetUserClaims];
    DECLARE @var55 nvarchar(max);
    SELECT @var55 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserClaims]') AND [c].[name] = N'UserId');
    IF @var55 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserClaims] DROP CONSTRAINT ' + @var55 + ';');
    ALTER TABLE [AspNetUserClaims] ALTER COLUMN [UserId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE INDEX [IX_AspNetUserClaims_UserId] ON [AspNetUserClaims] ([UserId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var56 nvarchar(max);
    SELECT @var56 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserClaims]') AND [c].[name] = N'ClaimValue');
    IF @var56 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserClaims] DROP CONSTRAINT ' + @var56 + ';');
    ALTER TABLE [AspNetUserClaims] ALTER COLUMN [ClaimValue] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var57 nvarchar(max);
    SELECT @var57 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[AspNetUserClaims]') AND [c].[name] = N'ClaimType');
    IF @var57 IS NOT NULL EXEC(N'ALTER TABLE [AspNetUserClaims] DROP CONSTRAINT ' + @var57 + ';');
    ALTER TABLE [AspNetUserClaims] ALTER COLUMN [ClaimType] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var58 nvarchar(max);
    SELECT @var58 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ApiKeys]') AND [c].[name] = N'TokenPrefix');
    IF @var58 IS NOT NULL EXEC(N'ALTER TABLE [ApiKeys] DROP CONSTRAINT ' + @var58 + ';');
    ALTER TABLE [ApiKeys] ALTER COLUMN [TokenPrefix] varchar(8) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_ApiKeys_TokenHash] ON [ApiKeys];
    DECLARE @var59 nvarchar(max);
    SELECT @var59 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ApiKeys]') AND [c].[name] = N'TokenHash');
    IF @var59 IS NOT NULL EXEC(N'ALTER TABLE [ApiKeys] DROP CONSTRAINT ' + @var59 + ';');
    ALTER TABLE [ApiKeys] ALTER COLUMN [TokenHash] varchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE UNIQUE INDEX [IX_ApiKeys_TokenHash] ON [ApiKeys] ([TokenHash]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var60 nvarchar(max);
    SELECT @var60 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ApiKeys]') AND [c].[name] = N'Scopes');
    IF @var60 IS NOT NULL EXEC(N'ALTER TABLE [ApiKeys] DROP CONSTRAINT ' + @var60 + ';');
    ALTER TABLE [ApiKeys] ALTER COLUMN [Scopes] nvarchar(500) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DROP INDEX [IX_ApiKeys_OwnerId] ON [ApiKeys];
    DECLARE @var61 nvarchar(max);
    SELECT @var61 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ApiKeys]') AND [c].[name] = N'OwnerId');
    IF @var61 IS NOT NULL EXEC(N'ALTER TABLE [ApiKeys] DROP CONSTRAINT ' + @var61 + ';');
    ALTER TABLE [ApiKeys] ALTER COLUMN [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE INDEX [IX_ApiKeys_OwnerId] ON [ApiKeys] ([OwnerId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var62 nvarchar(max);
    SELECT @var62 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ApiKeys]') AND [c].[name] = N'Name');
    IF @var62 IS NOT NULL EXEC(N'ALTER TABLE [ApiKeys] DROP CONSTRAINT ' + @var62 + ';');
    ALTER TABLE [ApiKeys] ALTER COLUMN [Name] nvarchar(255) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var63 nvarchar(max);
    SELECT @var63 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ApiKeys]') AND [c].[name] = N'Description');
    IF @var63 IS NOT NULL EXEC(N'ALTER TABLE [ApiKeys] DROP CONSTRAINT ' + @var63 + ';');
    ALTER TABLE [ApiKeys] ALTER COLUMN [Description] nvarchar(1000) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    DECLARE @var64 nvarchar(max);
    SELECT @var64 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[ApiKeys]') AND [c].[name] = N'Id');
    IF @var64 IS NOT NULL EXEC(N'ALTER TABLE [ApiKeys] DROP CONSTRAINT ' + @var64 + ';');
    ALTER TABLE [ApiKeys] ALTER COLUMN [Id] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [ApiKeys] ADD CONSTRAINT [PK_ApiKeys] PRIMARY KEY ([Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserLogins] ADD CONSTRAINT [PK_AspNetUserLogins] PRIMARY KEY ([LoginProvider], [ProviderKey]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserTokens] ADD CONSTRAINT [PK_AspNetUserTokens] PRIMARY KEY ([UserId], [LoginProvider], [Name]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD CONSTRAINT [PK_AspNetUsers] PRIMARY KEY ([Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [InstallationSecrets] ADD CONSTRAINT [PK_InstallationSecrets] PRIMARY KEY ([Name]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [LinkTags] ADD CONSTRAINT [PK_LinkTags] PRIMARY KEY ([LinkId], [Name]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [SavedViews] ADD CONSTRAINT [PK_SavedViews] PRIMARY KEY ([Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [ApiKeys] ADD CONSTRAINT [FK_ApiKeys_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserClaims] ADD CONSTRAINT [FK_AspNetUserClaims_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserLogins] ADD CONSTRAINT [FK_AspNetUserLogins_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [AspNetUserTokens] ADD CONSTRAINT [FK_AspNetUserTokens_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [Links] ADD CONSTRAINT [FK_Links_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    ALTER TABLE [SavedViews] ADD CONSTRAINT [FK_SavedViews_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    CREATE TABLE [DeletedLinks] (
        [Id] bigint NOT NULL,
        CONSTRAINT [PK_DeletedLinks] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127141253_CodePointTexts'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261127141253_CodePointTexts', N'10.0.15');
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
    WHERE [MigrationId] = N'20261127153123_LinkPreviewClicks'
)
BEGIN
    ALTER TABLE [Links] ADD [PreviewClicks] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127153123_LinkPreviewClicks'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261127153123_LinkPreviewClicks', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127154037_SessionsAndSecurityEvents'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [LastCodeStep] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127154037_SessionsAndSecurityEvents'
)
BEGIN
    CREATE TABLE [SecurityEvents] (
        [Id] bigint NOT NULL IDENTITY,
        [UserId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [At] bigint NOT NULL,
        [Kind] varchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Client] nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
        [Detail] nvarchar(255) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_SecurityEvents] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_SecurityEvents_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127154037_SessionsAndSecurityEvents'
)
BEGIN
    CREATE TABLE [UserSessions] (
        [Id] varchar(22) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [UserId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [LastSeenAt] bigint NOT NULL,
        [PasswordAt] bigint NOT NULL,
        [Client] nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_UserSessions] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_UserSessions_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127154037_SessionsAndSecurityEvents'
)
BEGIN
    CREATE INDEX [IX_SecurityEvents_UserId_At] ON [SecurityEvents] ([UserId], [At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127154037_SessionsAndSecurityEvents'
)
BEGIN
    CREATE INDEX [IX_UserSessions_UserId] ON [UserSessions] ([UserId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127154037_SessionsAndSecurityEvents'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261127154037_SessionsAndSecurityEvents', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127155305_LinkTitlesAndUtmTemplates'
)
BEGIN
    ALTER TABLE [Links] ADD [Note] nvarchar(2000) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127155305_LinkTitlesAndUtmTemplates'
)
BEGIN
    ALTER TABLE [Links] ADD [Title] nvarchar(200) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127155305_LinkTitlesAndUtmTemplates'
)
BEGIN
    CREATE TABLE [UtmTemplates] (
        [Id] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Name] nvarchar(80) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Query] nvarchar(4000) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [CreatedAt] bigint NOT NULL,
        CONSTRAINT [PK_UtmTemplates] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_UtmTemplates_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127155305_LinkTitlesAndUtmTemplates'
)
BEGIN
    CREATE UNIQUE INDEX [IX_UtmTemplates_OwnerId_Name] ON [UtmTemplates] ([OwnerId], [Name]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127155305_LinkTitlesAndUtmTemplates'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261127155305_LinkTitlesAndUtmTemplates', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    ALTER TABLE [Links] ADD [BlockedAt] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    ALTER TABLE [Links] ADD [BlockedReason] nvarchar(500) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    ALTER TABLE [Links] ADD [StatusBeforeBlock] varchar(16) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [DisabledAt] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [LastSeenAt] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE TABLE [AccountQuotas] (
        [UserId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Kind] varchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Most] bigint NULL,
        CONSTRAINT [PK_AccountQuotas] PRIMARY KEY ([UserId], [Kind]),
        CONSTRAINT [FK_AccountQuotas_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE TABLE [AspNetRoles] (
        [Id] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Name] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
        [NormalizedName] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
        [ConcurrencyStamp] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_AspNetRoles] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE TABLE [AuditEntries] (
        [Id] bigint NOT NULL IDENTITY,
        [At] bigint NOT NULL,
        [ActorId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL,
        [Act] varchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Subject] nvarchar(255) COLLATE Latin1_General_100_BIN2 NULL,
        [Detail] nvarchar(1000) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_AuditEntries] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE TABLE [BlockedHosts] (
        [Host] varchar(253) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Reason] nvarchar(500) COLLATE Latin1_General_100_BIN2 NULL,
        [CreatedAt] bigint NOT NULL,
        CONSTRAINT [PK_BlockedHosts] PRIMARY KEY ([Host])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE TABLE [Invitations] (
        [Id] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [TokenHash] varchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Email] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
        [MakesAdministrator] bit NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [CreatedById] varchar(24) COLLATE Latin1_General_100_BIN2 NULL,
        [ExpiresAt] bigint NOT NULL,
        [UsedAt] bigint NULL,
        [UsedById] varchar(24) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_Invitations] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE TABLE [LinkReports] (
        [Id] bigint NOT NULL IDENTITY,
        [SubmissionId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [LinkId] bigint NOT NULL,
        [Reason] varchar(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Details] nvarchar(2000) COLLATE Latin1_General_100_BIN2 NULL,
        [Vector] varchar(20) COLLATE Latin1_General_100_BIN2 NULL,
        [ReporterEmail] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
        [ReporterOrganisation] nvarchar(200) COLLATE Latin1_General_100_BIN2 NULL,
        [CreatedAt] bigint NOT NULL,
        [State] varchar(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Count] int NOT NULL,
        CONSTRAINT [PK_LinkReports] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_LinkReports_Links_LinkId] FOREIGN KEY ([LinkId]) REFERENCES [Links] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE TABLE [Settings] (
        [Name] varchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Value] nvarchar(2000) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [ChangedAt] bigint NOT NULL,
        CONSTRAINT [PK_Settings] PRIMARY KEY ([Name])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE TABLE [AspNetRoleClaims] (
        [Id] int NOT NULL IDENTITY,
        [RoleId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [ClaimType] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
        [ClaimValue] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_AspNetRoleClaims] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_AspNetRoleClaims_AspNetRoles_RoleId] FOREIGN KEY ([RoleId]) REFERENCES [AspNetRoles] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE TABLE [AspNetUserRoles] (
        [UserId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [RoleId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        CONSTRAINT [PK_AspNetUserRoles] PRIMARY KEY ([UserId], [RoleId]),
        CONSTRAINT [FK_AspNetUserRoles_AspNetRoles_RoleId] FOREIGN KEY ([RoleId]) REFERENCES [AspNetRoles] ([Id]) ON DELETE CASCADE,
        CONSTRAINT [FK_AspNetUserRoles_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    IF EXISTS (SELECT * FROM [sys].[identity_columns] WHERE [name] IN (N'Id', N'ConcurrencyStamp', N'Name', N'NormalizedName') AND [object_id] = OBJECT_ID(N'[AspNetRoles]'))
        SET IDENTITY_INSERT [AspNetRoles] ON;
    EXEC(N'INSERT INTO [AspNetRoles] ([Id], [ConcurrencyStamp], [Name], [NormalizedName])
    VALUES (''administrator'', N''administrator'', N''administrator'', N''ADMINISTRATOR'')');
    IF EXISTS (SELECT * FROM [sys].[identity_columns] WHERE [name] IN (N'Id', N'ConcurrencyStamp', N'Name', N'NormalizedName') AND [object_id] = OBJECT_ID(N'[AspNetRoles]'))
        SET IDENTITY_INSERT [AspNetRoles] OFF;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE INDEX [IX_AspNetRoleClaims_RoleId] ON [AspNetRoleClaims] ([RoleId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    EXEC(N'CREATE UNIQUE INDEX [RoleNameIndex] ON [AspNetRoles] ([NormalizedName]) WHERE [NormalizedName] IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE INDEX [IX_AspNetUserRoles_RoleId] ON [AspNetUserRoles] ([RoleId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE INDEX [IX_AuditEntries_Act_Id] ON [AuditEntries] ([Act], [Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE INDEX [IX_AuditEntries_Subject] ON [AuditEntries] ([Subject]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Invitations_TokenHash] ON [Invitations] ([TokenHash]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE INDEX [IX_LinkReports_LinkId] ON [LinkReports] ([LinkId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    CREATE INDEX [IX_LinkReports_State_Id] ON [LinkReports] ([State], [Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    INSERT INTO [AspNetUserRoles] ([UserId], [RoleId])
    SELECT TOP 1 [Id], 'administrator' FROM [AspNetUsers]
    ORDER BY CASE WHEN [Id] IN (SELECT [UserId] FROM [AspNetUserClaims] WHERE [ClaimType] = 'spoo:generated') THEN 1 ELSE 0 END, [CreatedAt], [Id]
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    DELETE FROM [InstallationSecrets] WHERE [Name] = 'owner'
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127171929_Office'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261127171929_Office', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127205935_Domains'
)
BEGIN
    DROP INDEX [IX_Links_ShortCode] ON [Links];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127205935_Domains'
)
BEGIN
    ALTER TABLE [Links] ADD [DomainHost] varchar(253) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127205935_Domains'
)
BEGIN
    ALTER TABLE [Links] ADD [DomainId] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127205935_Domains'
)
BEGIN
    CREATE TABLE [Domains] (
        [Id] bigint NOT NULL IDENTITY,
        [PublicId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Host] varchar(253) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL,
        [State] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Token] varchar(64) COLLATE Latin1_General_100_BIN2 NULL,
        [HomeUrl] nvarchar(2083) COLLATE Latin1_General_100_BIN2 NULL,
        [NotFoundUrl] nvarchar(2083) COLLATE Latin1_General_100_BIN2 NULL,
        [RobotsText] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
        [CreatedAt] bigint NOT NULL,
        [UpdatedAt] bigint NULL,
        [VerifiedAt] bigint NULL,
        [RevokedAt] bigint NULL,
        [Fault] nvarchar(500) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_Domains] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Domains_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127205935_Domains'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Links_DomainId_ShortCode] ON [Links] ([DomainId], [ShortCode]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127205935_Domains'
)
BEGIN
    EXEC(N'CREATE UNIQUE INDEX [IX_Domains_Host] ON [Domains] ([Host]) WHERE State IN (''Active'', ''Suspended'')');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127205935_Domains'
)
BEGIN
    CREATE INDEX [IX_Domains_OwnerId] ON [Domains] ([OwnerId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127205935_Domains'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Domains_PublicId] ON [Domains] ([PublicId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127205935_Domains'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261127205935_Domains', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127211904_LinkRules'
)
BEGIN
    DROP INDEX [IX_Links_DomainId_ShortCode] ON [Links];
    DROP INDEX [IX_Links_OwnerId_ShortCode] ON [Links];
    DECLARE @var65 nvarchar(max);
    SELECT @var65 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[Links]') AND [c].[name] = N'ShortCode');
    IF @var65 IS NOT NULL EXEC(N'ALTER TABLE [Links] DROP CONSTRAINT ' + @var65 + ';');
    ALTER TABLE [Links] ALTER COLUMN [ShortCode] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE UNIQUE INDEX [IX_Links_DomainId_ShortCode] ON [Links] ([DomainId], [ShortCode]);
    CREATE INDEX [IX_Links_OwnerId_ShortCode] ON [Links] ([OwnerId], [ShortCode]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127211904_LinkRules'
)
BEGIN
    ALTER TABLE [Links] ADD [ExpiredUrl] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127211904_LinkRules'
)
BEGIN
    ALTER TABLE [Links] ADD [PassPath] bit NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127211904_LinkRules'
)
BEGIN
    ALTER TABLE [Links] ADD [Preview] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127211904_LinkRules'
)
BEGIN
    ALTER TABLE [Links] ADD [RedirectStatus] int NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127211904_LinkRules'
)
BEGIN
    ALTER TABLE [Links] ADD [Rules] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127211904_LinkRules'
)
BEGIN
    ALTER TABLE [ClickSources] ADD [Target] nvarchar(60) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261127211904_LinkRules'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261127211904_LinkRules', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    ALTER TABLE [Links] ADD [ArchivedAt] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    ALTER TABLE [Links] ADD [FoldedCode] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N'';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    ALTER TABLE [Links] ADD [PreStartUrl] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    ALTER TABLE [Links] ADD [StartsAt] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    ALTER TABLE [Domains] ADD [EndedUrl] nvarchar(2083) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    ALTER TABLE [Domains] ADD [IgnoresCase] bit NOT NULL DEFAULT CAST(0 AS bit);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    CREATE TABLE [MissedCodes] (
        [DomainId] bigint NOT NULL,
        [Code] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Times] bigint NOT NULL,
        [FirstAt] bigint NOT NULL,
        [LastAt] bigint NOT NULL,
        CONSTRAINT [PK_MissedCodes] PRIMARY KEY ([DomainId], [Code])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    UPDATE Links SET FoldedCode = LOWER(ShortCode)
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    CREATE INDEX [IX_Links_DomainId_FoldedCode] ON [Links] ([DomainId], [FoldedCode]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128003040_MissedCodesArchiveAndStarts'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128003040_MissedCodesArchiveAndStarts', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    CREATE TABLE [WebhookEndpoints] (
        [Id] bigint NOT NULL IDENTITY,
        [PublicId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Url] nvarchar(2048) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Description] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
        [Events] varchar(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [HearsClicks] bit NOT NULL,
        [ScopeLinks] varchar(6400) COLLATE Latin1_General_100_BIN2 NULL,
        [Flavor] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Status] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [DisabledReason] varchar(32) COLLATE Latin1_General_100_BIN2 NULL,
        [Secret] varchar(1000) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [SecretPrefix] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [FormerSecret] varchar(1000) COLLATE Latin1_General_100_BIN2 NULL,
        [FormerSecretUntil] bigint NULL,
        [ShortLinksAt] nvarchar(2048) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [ConsecutiveFailures] int NOT NULL,
        [TotalDeliveries] bigint NOT NULL,
        [TotalSuccesses] bigint NOT NULL,
        [LastDeliveryAt] bigint NULL,
        [LastSuccessAt] bigint NULL,
        [LastFailureReason] nvarchar(200) COLLATE Latin1_General_100_BIN2 NULL,
        [Dropped] bigint NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [ToldUntil] bigint NOT NULL,
        [HeldUntil] bigint NOT NULL,
        [HeldBy] varchar(32) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_WebhookEndpoints] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_WebhookEndpoints_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    CREATE TABLE [WebhookDeliveries] (
        [Id] bigint NOT NULL IDENTITY,
        [PublicId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [EndpointId] bigint NOT NULL,
        [MessageId] varchar(36) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [EventType] varchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [IsTest] bit NOT NULL,
        [Status] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Body] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
        [CreatedAt] bigint NOT NULL,
        [AttemptCount] int NOT NULL,
        [Attempts] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [NextAttemptAt] bigint NULL,
        [LinkId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL,
        [IsOfDeletedLink] bit NOT NULL,
        CONSTRAINT [PK_WebhookDeliveries] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_WebhookDeliveries_WebhookEndpoints_EndpointId] FOREIGN KEY ([EndpointId]) REFERENCES [WebhookEndpoints] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    EXEC(N'CREATE INDEX [IX_Links_ExpireAfter] ON [Links] ([ExpireAfter]) WHERE ExpireAfter IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    CREATE INDEX [IX_WebhookDeliveries_CreatedAt] ON [WebhookDeliveries] ([CreatedAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    CREATE INDEX [IX_WebhookDeliveries_EndpointId_Status] ON [WebhookDeliveries] ([EndpointId], [Status]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    CREATE INDEX [IX_WebhookDeliveries_LinkId] ON [WebhookDeliveries] ([LinkId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    CREATE INDEX [IX_WebhookDeliveries_NextAttemptAt] ON [WebhookDeliveries] ([NextAttemptAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    CREATE UNIQUE INDEX [IX_WebhookDeliveries_PublicId] ON [WebhookDeliveries] ([PublicId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    CREATE INDEX [IX_WebhookEndpoints_OwnerId] ON [WebhookEndpoints] ([OwnerId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    CREATE UNIQUE INDEX [IX_WebhookEndpoints_PublicId] ON [WebhookEndpoints] ([PublicId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010717_Webhooks'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128010717_Webhooks', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010817_ImportRecords'
)
BEGIN
    ALTER TABLE [ClickWriters] ADD [ImportId] int NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010817_ImportRecords'
)
BEGIN
    CREATE TABLE [ImportedLinks] (
        [ImportId] int NOT NULL,
        [LinkId] bigint NOT NULL,
        [IsMade] bit NOT NULL,
        [Destination] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
        [CreatedBefore] bigint NULL,
        [CreatedAtSource] bigint NULL,
        CONSTRAINT [PK_ImportedLinks] PRIMARY KEY ([ImportId], [LinkId]),
        CONSTRAINT [FK_ImportedLinks_Links_LinkId] FOREIGN KEY ([LinkId]) REFERENCES [Links] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010817_ImportRecords'
)
BEGIN
    CREATE TABLE [Imports] (
        [Id] int NOT NULL IDENTITY,
        [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Kind] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [State] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [ByCommand] bit NOT NULL,
        [Name] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Format] varchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Choices] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Head] bigint NOT NULL,
        [Header] bigint NULL,
        [FileHash] varchar(64) COLLATE Latin1_General_100_BIN2 NULL,
        [StartedAt] bigint NOT NULL,
        [HeardAt] bigint NOT NULL,
        [FinishedAt] bigint NULL,
        [Lines] bigint NOT NULL,
        [Clicks] bigint NOT NULL,
        [Links] bigint NOT NULL,
        [AlreadyThere] bigint NOT NULL,
        [Bad] bigint NOT NULL,
        [Findings] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_Imports] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Imports_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010817_ImportRecords'
)
BEGIN
    CREATE INDEX [IX_ImportedLinks_LinkId] ON [ImportedLinks] ([LinkId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010817_ImportRecords'
)
BEGIN
    CREATE INDEX [IX_Imports_OwnerId_Id] ON [Imports] ([OwnerId], [Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128010817_ImportRecords'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128010817_ImportRecords', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128014416_MailReports'
)
BEGIN
    CREATE TABLE [MailReports] (
        [Id] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [ViewId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL,
        [Rhythm] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [NextAt] bigint NOT NULL,
        [ClaimedUntil] bigint NULL,
        [LastSentAt] bigint NULL,
        [CreatedAt] bigint NOT NULL,
        CONSTRAINT [PK_MailReports] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_MailReports_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128014416_MailReports'
)
BEGIN
    CREATE INDEX [IX_MailReports_NextAt] ON [MailReports] ([NextAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128014416_MailReports'
)
BEGIN
    CREATE INDEX [IX_MailReports_OwnerId] ON [MailReports] ([OwnerId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128014416_MailReports'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128014416_MailReports', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128020641_ArchivedLinks'
)
BEGIN
    EXEC(N'CREATE INDEX [IX_Links_OwnerId_ArchivedAt] ON [Links] ([OwnerId], [ArchivedAt]) WHERE ArchivedAt IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128020641_ArchivedLinks'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128020641_ArchivedLinks', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128040944_ImportedTotals'
)
BEGIN
    ALTER TABLE [Links] ADD [ImportedClicks] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128040944_ImportedTotals'
)
BEGIN
    ALTER TABLE [Imports] ADD [Totals] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128040944_ImportedTotals'
)
BEGIN
    CREATE TABLE [ImportedTotals] (
        [LinkId] bigint NOT NULL,
        [ImportId] int NOT NULL,
        [Day] int NOT NULL,
        [Clicks] bigint NOT NULL,
        [Until] bigint NOT NULL,
        [Counted] bigint NOT NULL,
        CONSTRAINT [PK_ImportedTotals] PRIMARY KEY ([LinkId], [ImportId], [Day]),
        CONSTRAINT [FK_ImportedTotals_Links_LinkId] FOREIGN KEY ([LinkId]) REFERENCES [Links] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128040944_ImportedTotals'
)
BEGIN
    CREATE INDEX [IX_ImportedTotals_ImportId] ON [ImportedTotals] ([ImportId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128040944_ImportedTotals'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128040944_ImportedTotals', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    ALTER TABLE [MailReports] ADD [HeldBy] varchar(32) COLLATE Latin1_General_100_BIN2 NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE TABLE [AlertRules] (
        [Id] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Kind] varchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [LinkId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL,
        [Tag] nvarchar(40) COLLATE Latin1_General_100_BIN2 NULL,
        [DomainHost] varchar(253) COLLATE Latin1_General_100_BIN2 NULL,
        [Threshold] int NOT NULL,
        [Minimum] int NOT NULL,
        [ByMail] bit NOT NULL,
        [ByWebhook] bit NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [NextAt] bigint NOT NULL,
        [HeldUntil] bigint NULL,
        [HeldBy] varchar(32) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_AlertRules] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_AlertRules_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE TABLE [AlertChecks] (
        [RuleId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [SubjectId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [CheckedAt] bigint NOT NULL,
        [Failures] int NOT NULL,
        [FailingSince] bigint NULL,
        CONSTRAINT [PK_AlertChecks] PRIMARY KEY ([RuleId], [SubjectId]),
        CONSTRAINT [FK_AlertChecks_AlertRules_RuleId] FOREIGN KEY ([RuleId]) REFERENCES [AlertRules] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE TABLE [Alerts] (
        [Id] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [RuleId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Kind] varchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Key] varchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [At] bigint NOT NULL,
        [LinkId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL,
        [Subject] nvarchar(300) COLLATE Latin1_General_100_BIN2 NULL,
        [Value] bigint NOT NULL,
        [Usual] bigint NULL,
        [Detail] nvarchar(500) COLLATE Latin1_General_100_BIN2 NULL,
        [SeenAt] bigint NULL,
        [MailId] varchar(24) COLLATE Latin1_General_100_BIN2 NULL,
        [IsMailDue] bit NOT NULL,
        [MailedAt] bigint NULL,
        [HeldUntil] bigint NULL,
        [HeldBy] varchar(32) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_Alerts] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Alerts_AlertRules_RuleId] FOREIGN KEY ([RuleId]) REFERENCES [AlertRules] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE INDEX [IX_AlertChecks_CheckedAt] ON [AlertChecks] ([CheckedAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE INDEX [IX_AlertChecks_SubjectId] ON [AlertChecks] ([SubjectId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE INDEX [IX_AlertRules_LinkId] ON [AlertRules] ([LinkId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE INDEX [IX_AlertRules_NextAt] ON [AlertRules] ([NextAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE INDEX [IX_AlertRules_OwnerId] ON [AlertRules] ([OwnerId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE INDEX [IX_Alerts_At] ON [Alerts] ([At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE INDEX [IX_Alerts_IsMailDue] ON [Alerts] ([IsMailDue]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE INDEX [IX_Alerts_LinkId] ON [Alerts] ([LinkId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE INDEX [IX_Alerts_OwnerId_At] ON [Alerts] ([OwnerId], [At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Alerts_RuleId_Key] ON [Alerts] ([RuleId], [Key]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128043417_Alerts'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128043417_Alerts', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128050728_Passkeys'
)
BEGIN
    CREATE TABLE [UserPasskeys] (
        [Id] varchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [UserId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [CredentialId] varbinary(1023) NOT NULL,
        [PublicKey] varbinary(4000) NOT NULL,
        [Name] nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [LastUsedAt] bigint NULL,
        [SignCount] bigint NOT NULL,
        [Transports] varchar(100) COLLATE Latin1_General_100_BIN2 NULL,
        [IsUserVerified] bit NOT NULL,
        [IsBackupEligible] bit NOT NULL,
        [IsBackedUp] bit NOT NULL,
        CONSTRAINT [PK_UserPasskeys] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_UserPasskeys_AspNetUsers_UserId] FOREIGN KEY ([UserId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128050728_Passkeys'
)
BEGIN
    CREATE INDEX [IX_UserPasskeys_UserId] ON [UserPasskeys] ([UserId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128050728_Passkeys'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128050728_Passkeys', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128135417_Pictures'
)
BEGIN
    CREATE TABLE [Pictures] (
        [Id] bigint NOT NULL IDENTITY,
        [OwnerId] varchar(24) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Name] varchar(37) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [MediaType] varchar(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Content] varbinary(max) NOT NULL,
        [BroughtAt] bigint NOT NULL,
        CONSTRAINT [PK_Pictures] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Pictures_AspNetUsers_OwnerId] FOREIGN KEY ([OwnerId]) REFERENCES [AspNetUsers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128135417_Pictures'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Pictures_Name_OwnerId] ON [Pictures] ([Name], [OwnerId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128135417_Pictures'
)
BEGIN
    CREATE INDEX [IX_Pictures_OwnerId] ON [Pictures] ([OwnerId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128135417_Pictures'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128135417_Pictures', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128173723_NodeCalls'
)
BEGIN
    CREATE TABLE [NodeCalls] (
        [Node] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Sequence] bigint NOT NULL,
        [At] bigint NOT NULL,
        [Counts] varbinary(max) NOT NULL,
        CONSTRAINT [PK_NodeCalls] PRIMARY KEY ([Node], [Sequence])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128173723_NodeCalls'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128173723_NodeCalls', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128180655_OwnerClickEpoch'
)
BEGIN
    ALTER TABLE [AspNetUsers] ADD [ClickEpoch] varbinary(max) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261128180655_OwnerClickEpoch'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261128180655_OwnerClickEpoch', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129010856_NearImportKeys'
)
BEGIN
    ALTER TABLE [ClickWriters] ADD [HasNearKeys] bit NOT NULL DEFAULT CAST(0 AS bit);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129010856_NearImportKeys'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261129010856_NearImportKeys', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129064556_MovedClicks'
)
BEGIN
    CREATE TABLE [ClickMoves] (
        [Id] int NOT NULL,
        [Piece] bigint NOT NULL,
        [Removals] bigint NOT NULL,
        [BackUntil] bigint NULL,
        [Servers] int NOT NULL,
        [HeldUntil] bigint NULL,
        [HeldBy] varchar(32) COLLATE Latin1_General_100_BIN2 NULL,
        CONSTRAINT [PK_ClickMoves] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129064556_MovedClicks'
)
BEGIN
    CREATE TABLE [MovedRemovals] (
        [Id] bigint NOT NULL IDENTITY,
        [LinkId] bigint NULL,
        [Before] bigint NULL,
        [FirstId] bigint NULL,
        [EndId] bigint NULL,
        [Piece] bigint NOT NULL,
        CONSTRAINT [PK_MovedRemovals] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129064556_MovedClicks'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261129064556_MovedClicks', N'10.0.15');
END;

COMMIT;
GO

