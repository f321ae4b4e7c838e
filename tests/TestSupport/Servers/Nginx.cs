
namespace ShutdownAnalyzers.TestSupport;

/// <summary>nginx before several instances of the shop, with its own defaults: no active checks, a connection for each request, the next instance where one refuses, unless it is told to try no other.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServiceProcess _process;

    private Nginx(TemporaryFolder folder, ServiceProcess process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    public string Output => _process.Output;

    /// <param name="program">Where nginx is installed.</param>
    /// <param name="ports">Those of the instances.</param>
    /// <param name="failTimeout">How long it leaves out an instance that has refused.</param>
    /// <param name="triesNext">Whether it goes to the next instance where one refuses.</param>
    public static async Task<Nginx> StartAsync(string program, IReadOnlyList<int> ports, string failTimeout = "1s", bool triesNext = true)
    {
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
                    {{string.Join("\n        ", ports.Select(backend => $"server 127.0.0.1:{backend} fail_timeout={failTimeout};"))}}
                }
                server {
                    listen 127.0.0.1:{{port}};
                    keepalive_requests 1000000;
                    location / {
                        proxy_pass http://shops;
                        {{(triesNext ? "" : "proxy_next_upstream off;")}}
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
                if (proxy._process.HasExited)
                    throw new InvalidOperationException($"nginx has ended. It printed:\n{proxy.Output}");
                try
                {
                    using var answer = await client.GetAsync($"http://127.0.0.1:{port}/health/ready");
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
