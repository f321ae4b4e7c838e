using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>nginx before several instances of the shop, with its own defaults: no active checks, a connection for each request, the next instance where one refuses.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServiceProcess _process;

    private Nginx(TemporaryFolder folder, ServiceProcess process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    public string Output => _process.Output;

    public static async Task<Nginx> StartAsync(IReadOnlyList<int> ports)
    {
        var program = InstalledProgram.Find("nginx");
        var folder = new TemporaryFolder();
        var port = LoopbackPort.Take();
        await File.WriteAllTextAsync(folder.File("nginx.conf"), $$"""
            daemon off;
            master_process off;
            pid {{folder.File("nginx.pid")}};
            error_log stderr notice;
            events { worker_connections 512; }
            http {
                access_log off;
                client_body_temp_path {{folder.File("body")}};
                proxy_temp_path {{folder.File("proxy")}};
                fastcgi_temp_path {{folder.File("fastcgi")}};
                uwsgi_temp_path {{folder.File("uwsgi")}};
                scgi_temp_path {{folder.File("scgi")}};
                upstream shops {
                    {{string.Join("\n        ", ports.Select(backend => $"server 127.0.0.1:{backend} fail_timeout=1s;"))}}
                }
                server {
                    listen 127.0.0.1:{{port}};
                    keepalive_requests 1000000;
                    location / {
                        proxy_pass http://shops;
                    }
                }
            }

            """);
        var proxy = new Nginx(folder, ServiceProcess.Start(program, ["-e", "stderr", "-c", folder.File("nginx.conf")]), port);
        try
        {
            using var client = new HttpClient();
            await Until.TrueAsync(async () =>
            {
                Assert.False(proxy._process.HasExited, proxy._process.Output);
                try
                {
                    using var answer = await client.GetAsync($"http://127.0.0.1:{port}/health/live");
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }, "nginx passes requests on");
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
