using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>What a request costs while nothing drains.</summary>
public sealed class AllocationTests
{
    private const int Requests = 10_000;

    private const int First = 2000;

    /// <summary>Also one that waits for something, as long as its endpoint's requests never take a drain token; and whether the end of the response is waited for, or that of the pipeline.</summary>
    [Theory]
    [InlineData(true, "HTTP/1.1")]
    [InlineData(false, "HTTP/1.1")]
    [InlineData(true, "HTTP/2")]
    [InlineData(false, "HTTP/2")]
    public async Task ARequestThroughTheDrainAllocatesNothing(bool isDone, string protocol)
    {
        await using DrainHost host = await DrainHost.StartWebAsync();
        DrainMiddleware middleware = host.Services.GetRequiredService<DrainMiddleware>();
        var response = new ReusedResponse();
        var request = new DefaultHttpContext(new Connection { Protocol = protocol });
        request.Features.Set<IHttpResponseFeature>(response);
        TaskCompletionSource[] waits = [.. Enumerable.Range(0, First + Requests).Select(_ => new TaskCompletionSource())];
        int at = 0;
        RequestDelegate pipeline = _ => isDone ? Task.CompletedTask : waits[at].Task;

        // The first requests make the slots, and what the runtime makes once.
        Run(First);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(Requests);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(protocol == "HTTP/2" ? First + Requests : 0, response.Completed);

        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.True(middleware.InvokeAsync(request, pipeline).IsCompletedSuccessfully == isDone);
                waits[at++].SetResult();
                response.Complete();
            }
        }
    }

    /// <summary>The features of a request and the connection in one, as Kestrel's are.</summary>
    private sealed class Connection : FeatureCollection, IHttpRequestFeature, IHttpUpgradeFeature
    {
        public Connection() => Set<IHttpRequestFeature>(this);

        public required string Protocol { get; set; }

        public string Scheme { get; set; } = "http";

        public string Method { get; set; } = "GET";

        public string PathBase { get; set; } = "";

        public string Path { get; set; } = "/";

        public string QueryString { get; set; } = "";

        public string RawTarget { get; set; } = "/";

        public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

        public Stream Body { get; set; } = Stream.Null;

        public bool IsUpgradableRequest => false;

        public Task<Stream> UpgradeAsync() => throw new NotSupportedException();
    }

    /// <summary>A response that keeps its one callback without allocating, as a server's own does after its first request.</summary>
    private sealed class ReusedResponse : IHttpResponseFeature
    {
        private Func<object, Task>? _callback;
        private object? _state;

        public int Completed { get; private set; }

        public int StatusCode { get; set; }

        public string? ReasonPhrase { get; set; }

        public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

        public Stream Body { get; set; } = Stream.Null;

        public bool HasStarted => false;

        public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

        public void OnCompleted(Func<object, Task> callback, object state) => (_callback, _state) = (callback, state);

        public void Complete()
        {
            if (_callback is null) return;
            _callback(_state!);
            Completed++;
        }
    }
}
