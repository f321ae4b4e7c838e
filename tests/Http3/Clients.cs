using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ShutdownAnalyzers.Http3;

/// <summary>Clients that speak HTTP/3 alone, and the certificate that they take.</summary>
internal static class Clients
{
    public static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public static SocketsHttpHandler Handler() => new() { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = delegate { return true; } } };

    public static HttpClient Http3(string address) => new(Handler())
    {
        BaseAddress = new Uri(address),
        DefaultRequestVersion = HttpVersion.Version30,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(30),
    };
}
