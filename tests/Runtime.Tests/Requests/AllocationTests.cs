using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>What a request costs while nothing drains.</summary>
public sealed class AllocationTests
{
    private const int Requests = 10_000;

    /// <summary>Also one that waits for something, as long as its endpoint's requests never take a drain token.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARequestThroughTheDrainAllocatesNothing(bool isDone)
    {
        await using DrainHost host = await DrainHost.StartWebAsync();
        DrainMiddleware middleware = host.Services.GetRequiredService<DrainMiddleware>();
        var response = new ReusedResponse();
        var request = new DefaultHttpContext();
        request.Features.Set<IHttpResponseFeature>(response);
        Task served = isDone ? Task.CompletedTask : new TaskCompletionSource().Task;
        RequestDelegate pipeline = _ => served;

        // The first requests make the slots, and what the runtime makes once.
        Run(2000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(Requests);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2000 + Requests, response.Completed);

        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.True(middleware.InvokeAsync(request, pipeline).IsCompletedSuccessfully == isDone);
                response.Complete();
            }
        }
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
            _callback!(_state!);
            Completed++;
        }
    }
}
