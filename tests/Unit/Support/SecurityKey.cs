using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Spoo.Tests.Support;

/// <summary>A device that makes one passkey and answers with it (WebAuthn), as a browser hands it on.</summary>
internal sealed class SecurityKey
{
    private const string Site = "localhost";

    private static readonly string[] Transports = ["internal"];

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private uint _uses;
    private string? _person;

    /// <summary>Whether it makes sure of the person, by a finger or a PIN.</summary>
    public bool Verifies { get; init; } = true;

    /// <summary>Where the browser is.</summary>
    public string Origin { get; init; } = "http://localhost";

    /// <summary>Makes the passkey.</summary>
    /// <param name="options">What the server asks for.</param>
    public string Make(JsonElement options)
    {
        _person = options.GetProperty("user").Text("id");
        Assert.Equal("required", options.GetProperty("authenticatorSelection").Text("userVerification"));
        var key = _key.ExportParameters(false);
        byte[] about = [.. State(0x40), .. new byte[16], 0, (byte)_id.Length, .. _id,
            0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. key.Q.X!, 0x22, 0x58, 0x20, .. key.Q.Y!];

        // A map of three: no attestation, nothing in it, and what the device says.
        byte[] attestation = [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x59, (byte)(about.Length >> 8), (byte)about.Length, .. about];
        return Answer(new { clientDataJSON = Encoded(Client("webauthn.create", options)), attestationObject = Encoded(attestation), transports = Transports });
    }

    /// <summary>Answers with the passkey.</summary>
    /// <param name="options">What the server asks for.</param>
    public string Use(JsonElement options)
    {
        _uses++;
        var (state, client) = (State(0), Client("webauthn.get", options));
        var signature = _key.SignData([.. state, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new { authenticatorData = Encoded(state), clientDataJSON = Encoded(client), signature = Encoded(signature), userHandle = _person });
    }

    private byte[] State(byte more)
    {
        var uses = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(uses, _uses);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Site)), (byte)((Verifies ? 0x05 : 0x01) | more), .. uses];
    }

    private byte[] Client(string type, JsonElement options) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = options.Text("challenge"), origin = Origin, crossOrigin = false });

    private string Answer(object response) => JsonSerializer.Serialize(new
    {
        id = Encoded(_id),
        rawId = Encoded(_id),
        type = "public-key",
        clientExtensionResults = new { },
        response,
    });

    private static byte[] Text(string text) => [(byte)(0x60 | text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static string Encoded(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}
