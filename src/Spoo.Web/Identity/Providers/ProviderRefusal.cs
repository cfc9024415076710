namespace Spoo.Web.Identity.Providers;

/// <summary>Why signing in with a provider did not do what it was to do.</summary>
public enum ProviderRefusal
{
    /// <summary>The person, or the provider, said no.</summary>
    Cancelled,

    /// <summary>The provider does not answer as it should; the log says more.</summary>
    Broken,

    /// <summary>It began too long ago, in another browser, or was used already.</summary>
    Expired,

    /// <summary>It tells no address, or does not say that it is the person's.</summary>
    NoVerifiedEmail,

    /// <summary>The address is of a domain that is not let in.</summary>
    OtherDomain,

    /// <summary>There is no account, and none is made.</summary>
    NoAccount,

    /// <summary>There is an account with the address, which has not been confirmed here.</summary>
    EmailTaken,

    /// <summary>An administrator keeps the person out.</summary>
    Disabled,

    /// <summary>The invitation is not good, or not for the address.</summary>
    Invitation,

    /// <summary>The person there is connected to another account here.</summary>
    OtherAccount,

    /// <summary>The account here is connected to another person there.</summary>
    OtherPerson,

    /// <summary>It does not say that the person has just proved who they are.</summary>
    NotRecent,
}
